namespace AppAttach.Imaging.Disks;

/// <summary>The disk in a fixed VHD: the file without its footer.</summary>
/// <param name="file">The file.</param>
/// <param name="sizeBytes">Size of the disk.</param>
internal sealed class VhdFixedDisk(ByteSource file, long sizeBytes) : VirtualDisk
{
    /// <inheritdoc/>
    public override DiskFormat Format => DiskFormat.VhdFixed;

    /// <inheritdoc/>
    public override long Length => sizeBytes;

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        file.Read(offset, buffer);
        return buffer.Length;
    }
}

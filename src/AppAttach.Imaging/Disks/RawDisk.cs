namespace AppAttach.Imaging.Disks;

/// <summary>A file that is the disk.</summary>
/// <param name="file">The file.</param>
internal sealed class RawDisk(ByteSource file) : VirtualDisk
{
    /// <inheritdoc/>
    public override DiskFormat Format => DiskFormat.Raw;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        file.Read(offset, buffer);
        return buffer.Length;
    }
}

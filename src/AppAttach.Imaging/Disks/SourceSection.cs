namespace AppAttach.Imaging.Disks;

/// <summary>A range of another source, such as a partition of a disk.</summary>
/// <param name="whole">The source.</param>
/// <param name="extent">The range, which lies inside it.</param>
internal sealed class SourceSection(ByteSource whole, ByteExtent extent) : ByteSource
{
    /// <inheritdoc/>
    public override long Length => extent.LengthBytes;

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        whole.Read(extent.OffsetBytes + offset, buffer);
        return buffer.Length;
    }
}

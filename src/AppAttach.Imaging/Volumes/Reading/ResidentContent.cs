using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>A value that stands in its file record.</summary>
/// <param name="value">The value.</param>
internal sealed class ResidentContent(ReadOnlyMemory<byte> value) : ByteSource
{
    /// <inheritdoc/>
    public override long Length => value.Length;

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        value.Span.Slice((int)offset, buffer.Length).CopyTo(buffer);
        return buffer.Length;
    }
}

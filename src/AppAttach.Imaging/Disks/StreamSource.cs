namespace AppAttach.Imaging.Disks;

/// <summary>The bytes of a seekable stream, which is left open and whose position is moved.</summary>
internal sealed class StreamSource : ByteSource
{
    private readonly Stream _stream;

    /// <summary>Takes a stream's bytes, as many as it has now.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="ArgumentException">It cannot seek or be read.</exception>
    public StreamSource(Stream stream)
    {
        if (!stream.CanSeek || !stream.CanRead)
        {
            throw new ArgumentException("An image can be read only from a stream that seeks.", nameof(stream));
        }

        _stream = stream;
        Length = stream.Length;
    }

    /// <inheritdoc/>
    public override long Length { get; }

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        _stream.Position = offset;
        var count = _stream.Read(buffer);
        return count > 0 ? count : throw CorruptDisk.Because($"The image ends at {offset} bytes, before it should.");
    }
}

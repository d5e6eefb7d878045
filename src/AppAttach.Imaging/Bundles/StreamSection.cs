namespace AppAttach.Imaging.Bundles;

/// <summary>A stretch of a <see cref="SharedStream"/> as a seekable stream of its own, which is only read and ends where the stretch ends.</summary>
internal sealed class StreamSection(SharedStream whole, long offsetBytes, long lengthBytes) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var most = (int)Math.Clamp(lengthBytes - position, 0, buffer.Length);
        if (most == 0)
        {
            return 0;
        }

        var count = whole.Read(offsetBytes + position, buffer[..most], startsReading: position == 0);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = checked(offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => position,
        SeekOrigin.End => lengthBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(origin)),
    });

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

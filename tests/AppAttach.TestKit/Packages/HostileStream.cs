namespace AppAttach.TestKit.Packages;

/// <summary>A readable, seekable stream that keeps to the contract of streams and to nothing beyond it.</summary>
/// <param name="content">Its bytes.</param>
/// <param name="mostPerRead">Most bytes that one read gives.</param>
/// <param name="endsAfterBytes">Where reads start to find the end, although the length says otherwise; for a file cut short while in use.</param>
/// <param name="failsAtBytes">Where a read throws <see cref="IOException"/>.</param>
public sealed class HostileStream(
    byte[] content, int mostPerRead = int.MaxValue, long endsAfterBytes = long.MaxValue, long failsAtBytes = long.MaxValue) : Stream
{
    /// <summary>How many bytes reads have given, all together.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How many reads there were.</summary>
    public int Reads { get; private set; }

    /// <summary>How often a read went on elsewhere than where the last one ended.</summary>
    public int Jumps { get; private set; }

    private long expected;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get; set; }

    /// <summary>Starts to count anew.</summary>
    public void ResetCounts() => (BytesRead, Reads, Jumps, expected) = (0, 0, 0, 0);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (Position != expected)
        {
            Jumps++;
        }

        var end = Math.Min(content.Length, endsAfterBytes);
        var count = (int)Math.Max(0, Math.Min(Math.Min(buffer.Length, mostPerRead), end - Position));
        if (Position + count > failsAtBytes)
        {
            throw new IOException("The share is gone.");
        }

        content.AsSpan((int)Position, count).CopyTo(buffer);
        Position += count;
        expected = Position;
        Reads++;
        BytesRead += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

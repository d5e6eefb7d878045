namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Gathers small writes into large ones, and knows where in the partition it stands.</summary>
/// <param name="sink">Takes the bytes.</param>
internal sealed class ForwardWriter(IVolumeSink sink)
{
    private const int BufferSizeBytes = 256 << 10;
    private const int LargeWriteBytes = 16 << 10;

    private readonly byte[] _buffer = new byte[BufferSizeBytes];
    private int _buffered;

    /// <summary>Bytes of the partition written so far.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes to be filled in by the caller, before the next call; they are zero and count as written.</summary>
    /// <param name="count">How many, up to 256 KiB.</param>
    public Span<byte> Claim(int count)
    {
        if (_buffered + count > BufferSizeBytes)
        {
            Flush();
        }

        var claimed = _buffer.AsSpan(_buffered, count);
        claimed.Clear();
        _buffered += count;
        Position += count;
        return claimed;
    }

    /// <summary>Writes bytes; many at a time are passed on as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= LargeWriteBytes)
        {
            Flush();
            sink.Write(bytes);
            Position += bytes.Length;
            return;
        }

        while (!bytes.IsEmpty)
        {
            if (_buffered == BufferSizeBytes)
            {
                Flush();
            }

            var count = Math.Min(bytes.Length, BufferSizeBytes - _buffered);
            bytes[..count].CopyTo(_buffer.AsSpan(_buffered));
            bytes = bytes[count..];
            _buffered += count;
            Position += count;
        }
    }

    /// <summary>Writes one byte many times.</summary>
    public void Fill(byte value, long count)
    {
        while (count > 0)
        {
            var part = (int)Math.Min(count, BufferSizeBytes);
            var claimed = Claim(part);
            if (value != 0)
            {
                claimed.Fill(value);
            }

            count -= part;
        }
    }

    /// <summary>Leaves zeros out, up to an offset.</summary>
    public void SkipTo(long offsetBytes)
    {
        Flush();
        sink.Skip(offsetBytes - Position);
        Position = offsetBytes;
    }

    /// <summary>Fails unless the writer stands where the plan says.</summary>
    /// <param name="offsetBytes">Where the plan says.</param>
    /// <param name="what">What is about to be written, or has been.</param>
    /// <exception cref="InvalidOperationException">It stands elsewhere: a bug in plan or writer.</exception>
    public void Require(long offsetBytes, string what)
    {
        if (Position != offsetBytes)
        {
            throw new InvalidOperationException($"The volume stands at {Position} instead of {offsetBytes}, as planned for {what}.");
        }
    }

    /// <summary>Passes on what is gathered.</summary>
    public void Flush()
    {
        sink.Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }
}

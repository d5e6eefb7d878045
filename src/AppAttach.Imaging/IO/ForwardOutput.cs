namespace AppAttach.Imaging.IO;

/// <summary>The parts of <see cref="Stream"/> that are the same for every stream that is only written, front to back.</summary>
internal abstract class ForwardOutput : Stream
{
    private const string Message = "The output is written front to back only.";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Written;

    public override long Position
    {
        get => Written;
        set => throw new NotSupportedException(Message);
    }

    /// <summary>Bytes written so far.</summary>
    protected long Written { get; set; }

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException(Message);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException(Message);

    public override void SetLength(long value) => throw new NotSupportedException(Message);
}

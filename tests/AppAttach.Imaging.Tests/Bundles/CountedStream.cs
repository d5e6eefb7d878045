namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>A stream that says when it is closed.</summary>
internal sealed class CountedStream(Stream inner, Action closed) : Stream
{
    private bool isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!isClosed)
        {
            isClosed = true;
            closed();
        }

        base.Dispose(disposing);
    }
}

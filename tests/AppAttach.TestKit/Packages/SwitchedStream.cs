namespace AppAttach.TestKit.Packages;

/// <summary>A stream that becomes another one, as a file does that changes while it is in use.</summary>
public sealed class SwitchedStream(Stream before, Stream after) : Stream
{
    private Stream current = before;

    /// <summary>From now on it is the second stream.</summary>
    public void Switch() => current = after;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => current.Length;

    public override long Position
    {
        get => current.Position;
        set => current.Position = value;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            current.Dispose();
            after.Dispose();
        }

        base.Dispose(disposing);
    }

    public override int Read(byte[] buffer, int offset, int count) => current.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => current.Read(buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => current.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

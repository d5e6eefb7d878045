namespace AppAttach.TestKit.Ports;

/// <summary>Content that breaks off: after so many bytes, reading fails.</summary>
/// <param name="sizeBytes">How many bytes come before.</param>
public sealed class BreakingStream(int sizeBytes) : MemoryStream(PortBytes.Make(sizeBytes), writable: false)
{
    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => Judge(base.Read(buffer));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Judge(base.Read(buffer, offset, count));

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Judge(base.Read(buffer.Span)));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Judge(base.Read(buffer, offset, count)));

    private static int Judge(int count) => count > 0 ? count : throw new IOException("The line went dead.");
}

using System.Security.Cryptography;
using AppAttach.Contracts;

namespace AppAttach.Pipeline.Intake;

/// <summary>
/// A package as somebody sends it, read once: no longer than packages may be, of the digest that was promised, and never waited for without end. What is
/// wrong is thrown (<see cref="PackageRefusedException"/>, <see cref="SourceUnavailableException"/>) before the last byte is given out as the last.
/// </summary>
/// <param name="inner">What is sent; stays the caller's.</param>
/// <param name="name">Name for messages.</param>
/// <param name="gate">Knows how long packages may be.</param>
/// <param name="digest">SHA-256 that it must have, hexadecimal; null: any.</param>
public sealed class IncomingStream(Stream inner, string name, PackageGate gate, string? digest) : Stream
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Bytes read so far.</summary>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SourceUnavailableException($"The source of {name} sent nothing for {Patience.TotalSeconds} s after {_length} bytes.", e);
        }
        catch (HttpIOException e)
        {
            throw new SourceUnavailableException($"The source of {name} broke off after {_length} bytes: {e.Message}", e);
        }

        _length += count;
        gate.RequireSize(name, _length);
        _hash.AppendData(buffer.Span[..count]);
        if (count == 0 && buffer.Length > 0)
        {
            RequireDigest();
        }

        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private void RequireDigest()
    {
        var found = Convert.ToHexStringLower(_hash.GetCurrentHash());
        if (digest is not null && !string.Equals(found, digest, StringComparison.OrdinalIgnoreCase))
        {
            throw new PackageRefusedException(new Rejection(
                ErrorCodes.PolicyRefused, $"The source of {name} sent {_length} bytes with SHA-256 {found}; {digest} was asked for."));
        }
    }
}

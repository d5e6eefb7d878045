using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;

namespace AppAttach.Imaging.Images;

/// <summary>
/// Takes a file front to back, and hashes and writes it on a thread of its own, so that both cost little time. A few buffers go
/// round between the two threads; whoever is faster waits. A failure of the output comes back at the next write or at the end.
/// </summary>
internal sealed class HashedOutput : Stream
{
    private const int BufferCount = 4;
    private const int BufferSizeBytes = 1 << 20;

#pragma warning disable CA2213 // The caller's: it stays open.
    private readonly Stream _output;
#pragma warning restore CA2213
    private readonly BlockingCollection<byte[]> _free = [];
    private readonly BlockingCollection<(byte[] Buffer, int Count)> _full = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Thread _thread;
    private byte[] _current = new byte[BufferSizeBytes];
    private int _count;
    private volatile ExceptionDispatchInfo? _failure;
    private long _length;

    /// <summary>Starts the thread.</summary>
    /// <param name="output">Takes the file; only written to, left open.</param>
    public HashedOutput(Stream output)
    {
        _output = output;
        for (var buffer = 1; buffer < BufferCount; buffer++)
        {
            _free.Add(new byte[BufferSizeBytes]);
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "image output" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException("The output is written front to back only.");
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _length += buffer.Length;
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, BufferSizeBytes - _count);
            buffer[..count].CopyTo(_current.AsSpan(_count));
            buffer = buffer[count..];
            _count += count;
            if (_count == BufferSizeBytes)
            {
                PassOn();
            }
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Everything is passed on at the end; in between there is nothing that anyone waits for.
    }

    /// <summary>Waits until everything has been written and returns the digest of the file.</summary>
    /// <returns>SHA-256.</returns>
    public byte[] Complete()
    {
        PassOn();
        _full.CompleteAdding();
        _thread.Join();
        _failure?.Throw();
        return _hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The output is written only.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The output is written front to back only.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The output is written front to back only.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_full.IsAddingCompleted)
        {
            _full.CompleteAdding();
        }

        if (disposing)
        {
            _thread.Join();
            _free.Dispose();
            _full.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void PassOn()
    {
        _failure?.Throw();
        _full.Add((_current, _count));
        _current = _free.Take();
        _count = 0;
    }

    private void Run()
    {
        foreach (var (buffer, count) in _full.GetConsumingEnumerable())
        {
            if (_failure is null)
            {
                WriteOne(buffer.AsSpan(0, count));
            }

            _free.Add(buffer);
        }
    }

    private void WriteOne(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _hash.AppendData(bytes);
            _output.Write(bytes);
        }
#pragma warning disable CA1031 // It is thrown again on the thread that writes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }
}

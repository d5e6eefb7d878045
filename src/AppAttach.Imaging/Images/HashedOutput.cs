using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AppAttach.Imaging.Images;

/// <summary>
/// Takes a file front to back, hashes it on one thread and writes it on another: hashing needs a processor, writing mostly waits for the
/// disk. A few buffers go round between the three threads; whoever is faster waits. A failure of the output comes back at the next
/// write or at the end.
/// </summary>
/// <remarks>
/// The output gets whole buffers, all of one size but the last, at addresses that a disk can read from: an output that goes around
/// the system's file cache need not copy them.
/// </remarks>
internal sealed class HashedOutput : Stream
{
    private const int BufferCount = 4;
    private const int BufferSizeBytes = 1 << 20;
    private const int AlignmentBytes = 4096;

#pragma warning disable CA2213 // The caller's: it stays open.
    private readonly Stream _output;
#pragma warning restore CA2213
    private readonly BlockingCollection<Memory<byte>> _free = [];
    private readonly BlockingCollection<(Memory<byte> Buffer, int Count)> _filled = [];
    private readonly BlockingCollection<(Memory<byte> Buffer, int Count)> _hashed = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Thread _hasher;
    private readonly Thread _writer;
    private Memory<byte> _current = NewBuffer();
    private int _count;
    private volatile ExceptionDispatchInfo? _failure;
    private long _length;

    /// <summary>Starts the threads.</summary>
    /// <param name="output">Takes the file; only written to, left open.</param>
    public HashedOutput(Stream output)
    {
        _output = output;
        for (var buffer = 1; buffer < BufferCount; buffer++)
        {
            _free.Add(NewBuffer());
        }

        _hasher = new Thread(HashAll) { IsBackground = true, Name = "image hash" };
        _writer = new Thread(WriteAll) { IsBackground = true, Name = "image output" };
        _hasher.Start();
        _writer.Start();
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
            buffer[..count].CopyTo(_current.Span[_count..]);
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
        Stop();
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
        if (disposing)
        {
            Stop();
            _free.Dispose();
            _filled.Dispose();
            _hashed.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Memory<byte> NewBuffer()
    {
        var array = GC.AllocateUninitializedArray<byte>(BufferSizeBytes + AlignmentBytes, pinned: true);
        var surplus = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % AlignmentBytes);
        return array.AsMemory(AlignmentBytes - surplus, BufferSizeBytes);
    }

    private void Stop()
    {
        _filled.CompleteAdding();
        _hasher.Join();
        _writer.Join();
    }

    private void PassOn()
    {
        _failure?.Throw();
        _filled.Add((_current, _count));
        _current = _free.Take();
        _count = 0;
    }

    private void HashAll()
    {
        foreach (var (buffer, count) in _filled.GetConsumingEnumerable())
        {
            _hash.AppendData(buffer.Span[..count]);
            _hashed.Add((buffer, count));
        }

        _hashed.CompleteAdding();
    }

    private void WriteAll()
    {
        foreach (var (buffer, count) in _hashed.GetConsumingEnumerable())
        {
            if (_failure is null)
            {
                WriteOne(buffer.Span[..count]);
            }

            _free.Add(buffer);
        }
    }

    private void WriteOne(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _output.Write(bytes);
        }
#pragma warning disable CA1031 // It is thrown again on the thread that gives the bytes.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }
}

using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using AppAttach.Imaging.IO;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Images;

/// <summary>
/// Takes a file front to back, hashes it on one thread and writes it on another: hashing needs a processor, writing mostly waits for the
/// disk. Whoever is faster waits. A failure of the output comes back at the next write or at the end.
/// </summary>
/// <remarks>
/// What is written from a slot that was lent is not copied: the slot stays in use until it has been written. Everything else is gathered
/// in buffers. Either way the output gets its bytes from addresses that a disk can read from: an output that goes around the system's
/// file cache need not copy them.
/// </remarks>
internal sealed class HashedOutput : ForwardOutput
{
    private const int BufferCount = 3;
    private const int BufferSizeBytes = 1 << 20;

#pragma warning disable CA2213 // The caller's: they stay open.
    private readonly Stream _output;
    private ContentSlot? _lent;
#pragma warning restore CA2213
    private readonly Handover<Memory<byte>> _free = new();
    private readonly Handover<Segment> _filled = new();
    private readonly Handover<Segment> _hashed = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Thread _hasher;
    private readonly Thread _writer;
    private Memory<byte> _current = NewBuffer();
    private int _count;
    private int _lentStart;
    private int _lentEnd;
    private volatile ExceptionDispatchInfo? _failure;

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

    /// <summary>Says that bytes may be written from a slot from now on, up to the next call. Each such range holds the slot until it has been written.</summary>
    /// <param name="slot">The slot, or null for none.</param>
    public void Lend(ContentSlot? slot)
    {
        PassLent();
        _lent = slot;
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Written += buffer.Length;
        if (_lent is not null && ((ReadOnlySpan<byte>)_lent.Content.Span).Overlaps(buffer, out var offset))
        {
            WriteLent(offset, buffer.Length);
            return;
        }

        PassLent();
        while (!buffer.IsEmpty)
        {
            var count = Math.Min(buffer.Length, BufferSizeBytes - _count);
            buffer[..count].CopyTo(_current.Span[_count..]);
            buffer = buffer[count..];
            _count += count;
            if (_count == BufferSizeBytes)
            {
                PassBuffer();
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
        PassLent();
        PassBuffer();
        Stop();
        _failure?.Throw();
        return _hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Stop();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Memory<byte> NewBuffer() => AlignedMemory.Allocate(BufferSizeBytes, ContentSlot.AlignmentBytes);

    private void Stop()
    {
        _filled.End();
        _hasher.Join();
        _writer.Join();
    }

    // Ranges that adjoin are one: blocks of the disk stand behind each other in the file.
    private void WriteLent(int offset, int count)
    {
        if (_lentEnd != offset || _lentEnd == _lentStart)
        {
            PassLent();
            PassBuffer();
            _lentStart = offset;
        }

        _lentEnd = offset + count;
    }

    private void PassLent()
    {
        if (_lentEnd > _lentStart)
        {
            _lent!.Hold();
            PassOn(new(_lent.Content[_lentStart.._lentEnd], _lentEnd - _lentStart, _lent));
            _lentStart = _lentEnd;
        }
    }

    private void PassBuffer()
    {
        if (_count > 0)
        {
            PassOn(new(_current, _count, Slot: null));
            _count = 0;
            _ = _free.TryTake(out _current);
        }
    }

    private void PassOn(Segment segment)
    {
        _failure?.Throw();
        _filled.Add(segment);
    }

    private void HashAll()
    {
        while (_filled.TryTake(out var segment))
        {
            _hash.AppendData(segment.Bytes);
            _hashed.Add(segment);
        }

        _hashed.End();
    }

    private void WriteAll()
    {
        while (_hashed.TryTake(out var segment))
        {
            if (_failure is null)
            {
                WriteOne(segment.Bytes);
            }

            GiveBack(segment);
        }
    }

    private void GiveBack(Segment segment)
    {
        if (segment.Slot is { } slot)
        {
            slot.Release();
        }
        else
        {
            _free.Add(segment.Memory);
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

    /// <summary>A range of the file on its way.</summary>
    /// <param name="Memory">A buffer, or a range of a slot.</param>
    /// <param name="Count">How many bytes of it belong to the file.</param>
    /// <param name="Slot">The slot, held once; or null for a buffer.</param>
    private readonly record struct Segment(Memory<byte> Memory, int Count, ContentSlot? Slot)
    {
        public ReadOnlySpan<byte> Bytes => Memory.Span[..Count];
    }
}

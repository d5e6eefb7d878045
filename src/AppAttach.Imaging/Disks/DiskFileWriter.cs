using System.Diagnostics.CodeAnalysis;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// Emits a disk file front to back from the virtual disk's bytes, which come front to back too. The output is only ever written to,
/// never sought in or read. What stands around the disk's bytes is up to the format.
/// </summary>
/// <param name="output">Takes the file; left open.</param>
/// <param name="plan">The plan.</param>
/// <param name="pieceSizeBytes">Bytes of the disk that stand in one piece in the file, or are all absent: those of a block.</param>
internal abstract class DiskFileWriter(Stream output, DiskFilePlan plan, long pieceSizeBytes)
{
    private const int ZeroLength = 64 << 10;

    private static readonly byte[] Zeros = new byte[ZeroLength];

    /// <summary>Bytes of the virtual disk taken so far.</summary>
    public long VirtualPosition { get; private set; }

    /// <summary>Bytes of the file written so far.</summary>
    protected long FilePosition { get; private set; }

    /// <summary>Takes the next bytes of the virtual disk.</summary>
    /// <param name="bytes">Bytes; all zero where the plan has no block.</param>
    /// <exception cref="InvalidOperationException">They contradict the plan: a bug of the caller's.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Claim(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var length = (int)Math.Min(bytes.Length, BytesToPieceEnd());
            if (Begin())
            {
                Emit(bytes[..length]);
            }
            else if (bytes[..length].ContainsAnyExcept((byte)0))
            {
                Fail($"bytes other than zero at {VirtualPosition}, where no block is planned");
            }

            VirtualPosition += length;
            bytes = bytes[length..];
        }
    }

    /// <summary>Leaves out the next bytes of the virtual disk: they are zero, whether their blocks are present or not.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <exception cref="InvalidOperationException">They end behind the disk: a bug of the caller's.</exception>
    public void Skip(long count)
    {
        Claim(count);
        while (count > 0)
        {
            var length = Math.Min(count, BytesToPieceEnd());
            if (Begin())
            {
                EmitZeros(length);
            }

            VirtualPosition += length;
            count -= length;
        }
    }

    /// <summary>Ends the file, when all of the virtual disk has been given.</summary>
    /// <exception cref="InvalidOperationException">Bytes are missing: a bug of the caller's.</exception>
    public void Complete()
    {
        if (VirtualPosition != plan.VirtualSizeBytes)
        {
            Fail($"the virtual disk ends at {VirtualPosition} instead of {plan.VirtualSizeBytes}");
        }

        EmitEnd();
        ExpectAt(plan.FileSizeBytes);
        output.Flush();
    }

    /// <summary>Makes ready for bytes of a piece of the disk: emits what stands before it, and fails unless the file stands where planned.</summary>
    /// <param name="piece">Number of the piece.</param>
    /// <param name="offsetInPiece">Where in the piece the next byte belongs.</param>
    /// <returns>Whether the piece is in the file.</returns>
    protected abstract bool BeginPiece(long piece, long offsetInPiece);

    /// <summary>Emits what stands behind the disk's last byte.</summary>
    protected abstract void EmitEnd();

    /// <summary>Emits bytes of the file.</summary>
    protected void Emit(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        FilePosition += bytes.Length;
    }

    /// <summary>Emits zeros of the file; nothing for a count below 1.</summary>
    protected void EmitZeros(long count)
    {
        for (; count > 0; count -= Math.Min(count, ZeroLength))
        {
            Emit(Zeros.AsSpan(0, (int)Math.Min(count, ZeroLength)));
        }
    }

    /// <summary>Fails unless the file stands where the plan says.</summary>
    /// <exception cref="InvalidOperationException">It stands elsewhere: a bug in plan or writer.</exception>
    protected void ExpectAt(long planned)
    {
        if (FilePosition != planned)
        {
            Fail($"the file stands at {FilePosition} instead of {planned}");
        }
    }

    private long BytesToPieceEnd() => pieceSizeBytes - (VirtualPosition % pieceSizeBytes);

    private bool Begin() => BeginPiece(VirtualPosition / pieceSizeBytes, VirtualPosition % pieceSizeBytes);

    private void Claim(long count)
    {
        if (count < 0 || count > plan.VirtualSizeBytes - VirtualPosition)
        {
            Fail($"{count} bytes at {VirtualPosition} end behind the virtual disk of {plan.VirtualSizeBytes} bytes");
        }
    }

    [DoesNotReturn]
    private void Fail(string what) => throw new InvalidOperationException($"The {plan.Format} file does not follow its plan: {what}.");
}

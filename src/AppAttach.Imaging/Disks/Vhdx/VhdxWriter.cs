using System.Diagnostics.CodeAnalysis;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// Emits a dynamic VHDX file front to back from the virtual disk's bytes, which come front to back too. The output is only ever written
/// to, never sought in or read.
/// </summary>
internal sealed class VhdxWriter
{
    private const string Creator = "AppAttach";
    private const int ZeroLength = 64 << 10;

    private static readonly byte[] Zeros = new byte[ZeroLength];

    private readonly Stream _output;
    private readonly VhdxPlan _plan;
    private long _filePosition;

    /// <summary>Starts a file: everything before the first block is written at once.</summary>
    /// <param name="output">Takes the file; left open.</param>
    /// <param name="plan">The plan.</param>
    public VhdxWriter(Stream output, VhdxPlan plan)
    {
        _output = output;
        _plan = plan;
        WriteHeaderSection();
        WriteMetadata();
        WriteBat();
    }

    /// <summary>Bytes of the virtual disk taken so far.</summary>
    public long VirtualPosition { get; private set; }

    /// <summary>Takes the next bytes of the virtual disk.</summary>
    /// <param name="bytes">Bytes; all zero where the plan has no block.</param>
    /// <exception cref="InvalidOperationException">They contradict the plan: a bug of the caller's.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Claim(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var length = (int)Math.Min(bytes.Length, BytesToBlockEnd());
            if (BeginPiece())
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
            var length = Math.Min(count, BytesToBlockEnd());
            if (BeginPiece())
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
        if (VirtualPosition != _plan.VirtualSizeBytes)
        {
            Fail($"the virtual disk ends at {VirtualPosition} instead of {_plan.VirtualSizeBytes}");
        }

        // A present block takes a whole block of the file, also where the disk ends inside it.
        EmitZeros(_plan.FileSizeBytes - _filePosition is > 0 and var rest && rest < _plan.BlockSizeBytes ? rest : 0);
        ExpectAt(_plan.FileSizeBytes);
        _output.Flush();
    }

    private long BytesToBlockEnd() => _plan.BlockSizeBytes - (VirtualPosition % _plan.BlockSizeBytes);

    private bool BeginPiece()
    {
        var block = VirtualPosition / _plan.BlockSizeBytes;
        if (!_plan.IsPresent(block))
        {
            return false;
        }

        ExpectAt(_plan.FileOffsetOfBlock(block) + (VirtualPosition % _plan.BlockSizeBytes));
        return true;
    }

    private void WriteHeaderSection()
    {
        Span<byte> section = new byte[VhdxRegions.HeaderSectionLength];
        new VhdxFileIdentifier(Creator).Write(section);
        var header = new VhdxHeader(
            SequenceNumber: 1,
            _plan.Identifiers.FileWriteGuid,
            _plan.Identifiers.DataWriteGuid,
            LogGuid: Guid.Empty,
            LogVersion: 0,
            VhdxHeader.CurrentVersion,
            VhdxPlan.LogLengthBytes,
            (ulong)VhdxPlan.LogOffsetBytes);
        header.Write(section[VhdxRegions.FirstHeaderOffset..]);
        (header with { SequenceNumber = 2 }).Write(section[VhdxRegions.SecondHeaderOffset..]);

        ReadOnlySpan<VhdxRegionTableEntry> regions =
        [
            new(VhdxRegions.BlockAllocationTable, (ulong)VhdxPlan.BatOffsetBytes, (uint)_plan.BatLengthBytes, IsRequired: true),
            new(VhdxRegions.Metadata, (ulong)VhdxPlan.MetadataOffsetBytes, VhdxPlan.MetadataLengthBytes, IsRequired: true),
        ];
        VhdxRegionTable.Write(section[VhdxRegions.FirstRegionTableOffset..], regions);
        VhdxRegionTable.Write(section[VhdxRegions.SecondRegionTableOffset..], regions);
        Emit(section);
        ExpectAt(VhdxPlan.LogOffsetBytes);
        EmitZeros(VhdxPlan.LogLengthBytes);
    }

    private void WriteMetadata()
    {
        ExpectAt(VhdxPlan.MetadataOffsetBytes);
        Span<byte> metadata = new byte[VhdxMetadata.Size];
        new VhdxMetadata(
            (uint)_plan.BlockSizeBytes,
            IsFixed: false,
            HasParent: false,
            (ulong)_plan.VirtualSizeBytes,
            _plan.Identifiers.DiskGuid,
            DiskUnits.SectorSizeBytes,
            PhysicalSectorBytes: 4096).Write(metadata);
        Emit(metadata);
        EmitZeros(VhdxPlan.MetadataLengthBytes - metadata.Length);
    }

    private void WriteBat()
    {
        ExpectAt(VhdxPlan.BatOffsetBytes);
        Span<byte> page = new byte[ZeroLength];
        for (long entry = 0; entry < _plan.Bat.Entries;)
        {
            var length = 0;
            for (; length < page.Length && entry < _plan.Bat.Entries; length += VhdxBatEntry.Size, entry++)
            {
                _plan.BatEntry(entry).Write(page[length..]);
            }

            Emit(page[..length]);
        }

        EmitZeros(_plan.BatLengthBytes - _plan.Bat.SizeBytes);
        ExpectAt(_plan.PayloadOffsetBytes);
    }

    private void Emit(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _filePosition += bytes.Length;
    }

    private void EmitZeros(long count)
    {
        for (; count > 0; count -= Math.Min(count, ZeroLength))
        {
            Emit(Zeros.AsSpan(0, (int)Math.Min(count, ZeroLength)));
        }
    }

    private void Claim(long count)
    {
        if (count < 0 || count > _plan.VirtualSizeBytes - VirtualPosition)
        {
            Fail($"{count} bytes at {VirtualPosition} end behind the virtual disk of {_plan.VirtualSizeBytes} bytes");
        }
    }

    private void ExpectAt(long planned)
    {
        if (_filePosition != planned)
        {
            Fail($"the file stands at {_filePosition} instead of {planned}");
        }
    }

    [DoesNotReturn]
    private static void Fail(string what) => throw new InvalidOperationException($"The VHDX file does not follow its plan: {what}.");
}

namespace AppAttach.Imaging.Disks;

/// <summary>Emits a VHDX file, dynamic or fixed, front to back.</summary>
internal sealed class VhdxWriter : DiskFileWriter
{
    private const string Creator = "AppAttach";
    private const int PageLength = 64 << 10;

    private readonly VhdxPlan _plan;

    /// <summary>Starts a file: everything before the first block is written at once.</summary>
    /// <param name="output">Takes the file; left open.</param>
    /// <param name="plan">The plan.</param>
    public VhdxWriter(Stream output, VhdxPlan plan)
        : base(output, plan, plan.BlockSizeBytes)
    {
        _plan = plan;
        WriteHeaderSection();
        WriteMetadata();
        WriteBat();
    }

    /// <inheritdoc/>
    protected override bool BeginPiece(long piece, long offsetInPiece)
    {
        if (!_plan.IsPresent(piece))
        {
            return false;
        }

        ExpectAt(_plan.FileOffsetOfBlock(piece) + offsetInPiece);
        return true;
    }

    /// <inheritdoc/>
    protected override void EmitEnd()
    {
        // A present block takes a whole block of the file, also where the disk ends inside it.
        var rest = _plan.FileSizeBytes - FilePosition;
        EmitZeros(rest < _plan.BlockSizeBytes ? rest : 0);
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
            _plan.IsFixed,
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
        Span<byte> page = new byte[PageLength];
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
}

namespace AppAttach.Imaging.Disks;

/// <summary>Emits a dynamic VHD file front to back.</summary>
internal sealed class VhdDynamicWriter : DiskFileWriter
{
    private const byte AllPresent = 0xFF;
    private const int PageLength = 64 << 10;

    private readonly VhdDynamicPlan _plan;
    private readonly byte[] _bitmap;

    /// <summary>Starts a file: everything before the first block is written at once.</summary>
    /// <param name="output">Takes the file; left open.</param>
    /// <param name="plan">The plan.</param>
    public VhdDynamicWriter(Stream output, VhdDynamicPlan plan)
        : base(output, plan, VhdDynamicPlan.BlockSizeBytes)
    {
        _plan = plan;

        // A clear bit would make its sector read as zeros: true of many, but nothing is won by saying so, and some readers never look.
        _bitmap = new byte[plan.Header.BitmapSizeBytes];
        _bitmap.AsSpan().Fill(AllPresent);
        EmitFooter();
        EmitHeader();
        EmitTable();
    }

    /// <inheritdoc/>
    protected override bool BeginPiece(long piece, long offsetInPiece)
    {
        if (!_plan.IsPresent(piece))
        {
            return false;
        }

        var bitmapOffset = _plan.BitmapOffsetOfBlock(piece);
        if (offsetInPiece == 0)
        {
            EmitZeros(_plan.PaddingBytes);
            ExpectAt(bitmapOffset);
            Emit(_bitmap);
        }

        ExpectAt(bitmapOffset + _bitmap.Length + offsetInPiece);
        return true;
    }

    /// <inheritdoc/>
    protected override void EmitEnd()
    {
        // A present block takes a whole block of the file, also where the disk ends inside it.
        var rest = _plan.FooterOffsetBytes - FilePosition;
        EmitZeros(rest < VhdDynamicPlan.BlockSizeBytes ? rest : 0);
        EmitFooter();
    }

    private void EmitFooter()
    {
        Span<byte> footer = stackalloc byte[VhdFooter.Size];
        _plan.Footer.Write(footer);
        Emit(footer);
    }

    private void EmitHeader()
    {
        ExpectAt(VhdDynamicPlan.HeaderOffsetBytes);
        Span<byte> header = stackalloc byte[VhdDynamicHeader.Size];
        _plan.Header.Write(header);
        Emit(header);
    }

    private void EmitTable()
    {
        ExpectAt(VhdDynamicPlan.TableOffsetBytes);
        Span<byte> page = new byte[PageLength];
        var entries = _plan.TableLengthBytes / VhdBatEntry.Size;
        for (long block = 0; block < entries;)
        {
            var length = 0;
            for (; length < page.Length && block < entries; length += VhdBatEntry.Size, block++)
            {
                (block < _plan.Blocks ? _plan.BatEntry(block) : VhdBatEntry.Absent).Write(page[length..]);
            }

            Emit(page[..length]);
        }

        EmitZeros(_plan.BlocksOffsetBytes - FilePosition);
        ExpectAt(_plan.BlocksOffsetBytes);
    }
}

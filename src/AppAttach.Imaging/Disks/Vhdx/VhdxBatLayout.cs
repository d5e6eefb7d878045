namespace AppAttach.Imaging.Disks;

/// <summary>
/// Arithmetic of the block allocation table ([MS-VHDX] 2.5). After every <see cref="ChunkRatio"/> payload entries stands one entry for
/// a sector bitmap block, which fixed and dynamic disks leave 0 but must have: without it every block behind the first chunk,
/// 4 GiB with 512-byte sectors, is found one entry too early.
/// </summary>
internal readonly record struct VhdxBatLayout
{
    private const long SectorsInChunk = 1L << 23;

    /// <summary>Works the layout out.</summary>
    /// <param name="virtualSizeBytes">Size of the virtual disk, at least 1.</param>
    /// <param name="blockSizeBytes">A power of two, 1 MiB to 256 MiB.</param>
    /// <param name="logicalSectorBytes">512 or 4096.</param>
    public VhdxBatLayout(long virtualSizeBytes, int blockSizeBytes, int logicalSectorBytes)
    {
        BlockSizeBytes = blockSizeBytes;
        ChunkRatio = SectorsInChunk * logicalSectorBytes / blockSizeBytes;
        PayloadBlocks = ((virtualSizeBytes - 1) / blockSizeBytes) + 1;
        Entries = PayloadBlocks + ((PayloadBlocks - 1) / ChunkRatio);
    }

    /// <summary>Bytes in a payload block.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>Payload entries for one sector bitmap entry.</summary>
    public long ChunkRatio { get; }

    /// <summary>Payload blocks of the disk.</summary>
    public long PayloadBlocks { get; }

    /// <summary>Entries of the table, sector bitmap entries included.</summary>
    public long Entries { get; }

    /// <summary>Bytes of the entries.</summary>
    public long SizeBytes => Entries * VhdxBatEntry.Size;

    /// <summary>Which entry describes a payload block.</summary>
    /// <param name="block">0 to <see cref="PayloadBlocks"/> - 1.</param>
    public long EntryOfBlock(long block) => block + (block / ChunkRatio);

    /// <summary>Whether an entry describes a sector bitmap block.</summary>
    /// <param name="entry">0 to <see cref="Entries"/> - 1.</param>
    public bool IsSectorBitmap(long entry) => entry % (ChunkRatio + 1) == ChunkRatio;
}

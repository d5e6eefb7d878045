namespace AppAttach.Imaging.Packages;

/// <summary>One <c>File</c> element of a block map.</summary>
/// <param name="sizeBytes">Size of the content, in bytes.</param>
/// <param name="firstBlock">Number of its first block in the block map.</param>
internal sealed class BlockMapFile(long sizeBytes, int firstBlock)
{
    public long SizeBytes { get; } = sizeBytes;

    public int FirstBlock { get; } = firstBlock;

    /// <summary>Number of its blocks; grows while the block map is read.</summary>
    public int BlockCount { get; set; }

    /// <summary>How many blocks a file of this size must have.</summary>
    public long ExpectedBlockCount => (SizeBytes + BlockMap.BlockBytes - 1) / BlockMap.BlockBytes;

    /// <summary>Bytes of content in one of its blocks.</summary>
    /// <param name="block">Number of the block in the block map.</param>
    public int SizeOf(int block) =>
        (int)Math.Min(BlockMap.BlockBytes, SizeBytes - ((long)(block - FirstBlock) * BlockMap.BlockBytes));
}

namespace AppAttach.Imaging.Packages;

/// <summary>
/// The block map in memory: for each file its size and a run of blocks, for each block its hash and compressed size. All hashes lie in
/// one array, so that a package of many GiB costs some 36 bytes for each 64 KiB.
/// </summary>
internal sealed class BlockMap
{
    /// <summary>Bytes of content that one block covers; the last block of a file may cover fewer.</summary>
    public const int BlockBytes = 1 << 16;

    /// <summary>Compressed size of a block that gives none, as in a stored part.</summary>
    public const int NoCompressedSize = -1;

    private Dictionary<string, BlockMapFile> files = new(StringComparer.Ordinal);
    private byte[] hashes = [];
    private int[] compressedSizes = [];

    public BlockMap(HashMethod method) => Method = method;

    /// <summary>The hash of the blocks.</summary>
    public HashMethod Method { get; }

    /// <summary>Number of blocks of all files.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Files by path, segments separated by <c>/</c>.</summary>
    public IReadOnlyDictionary<string, BlockMapFile> Files => files;

    /// <summary>Forgets the files, once every part knows its own: what stays are the blocks.</summary>
    public void ForgetFiles() => files = new(StringComparer.Ordinal);

    public ReadOnlySpan<byte> HashOf(int block) => hashes.AsSpan(block * Method.SizeBytes, Method.SizeBytes);

    /// <summary>Compressed size in bytes, or <see cref="NoCompressedSize"/>.</summary>
    public int CompressedSizeOf(int block) => compressedSizes[block];

    /// <summary>Adds a file; its blocks are added next.</summary>
    /// <returns>False if there is one of that name.</returns>
    public bool TryAddFile(string path, BlockMapFile file) => files.TryAdd(path, file);

    /// <summary>Adds a block and returns where its hash goes.</summary>
    public Span<byte> AddBlock(int compressedSize)
    {
        if (BlockCount == compressedSizes.Length)
        {
            const int first = 256;
            var capacity = Math.Max(first, (int)Math.Min(BlockCount * 2L, Array.MaxLength / Method.SizeBytes));
            if (capacity == BlockCount)
            {
                throw Invalid.Limit("Number of blocks in the block map", BlockCount + 1L, capacity);
            }

            Array.Resize(ref compressedSizes, capacity);
            Array.Resize(ref hashes, capacity * Method.SizeBytes);
        }

        compressedSizes[BlockCount] = compressedSize;
        return hashes.AsSpan(BlockCount++ * Method.SizeBytes, Method.SizeBytes);
    }
}

using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Manifests;

/// <summary>A file that a manifest lists. The reader fills the same one again for each file.</summary>
internal sealed class ManifestFile
{
    private byte[] _hashes = [];

    /// <summary>Path below the package's folder, segments separated by <c>/</c>.</summary>
    public string Path { get; set; } = "";

    /// <summary>Bytes of its content.</summary>
    public long SizeBytes { get; set; }

    /// <summary>Number of its file record.</summary>
    public long Record { get; set; }

    /// <summary>The volume's cluster that its content starts in; 0 for an empty file.</summary>
    public long Cluster { get; set; }

    /// <summary>Where its content starts in the image file; 0 for an empty file.</summary>
    public long OffsetBytes { get; set; }

    /// <summary>Number of its blocks.</summary>
    public int BlockCount { get; private set; }

    /// <summary>The hashes of its blocks of 64 KiB, one behind the other; the last block may be shorter.</summary>
    public ReadOnlySpan<byte> Hashes(HashMethod method) => _hashes.AsSpan(0, BlockCount * method.SizeBytes);

    /// <summary>The hash of one block.</summary>
    public ReadOnlySpan<byte> HashOf(int block, HashMethod method) => _hashes.AsSpan(block * method.SizeBytes, method.SizeBytes);

    /// <summary>Bytes of one block.</summary>
    public int SizeOf(int block) => (int)Math.Min(BlockMap.BlockBytes, SizeBytes - ((long)block * BlockMap.BlockBytes));

    /// <summary>Makes it an empty one.</summary>
    public void Clear()
    {
        (Path, SizeBytes, Record, Cluster, OffsetBytes, BlockCount) = ("", 0, 0, 0, 0, 0);
    }

    /// <summary>Adds a block and returns where its hash goes.</summary>
    public Span<byte> AddBlock(HashMethod method)
    {
        var start = BlockCount++ * method.SizeBytes;
        if (start + method.SizeBytes > _hashes.Length)
        {
            Array.Resize(ref _hashes, Math.Max(HashMethod.MaximumSizeBytes, checked(_hashes.Length * 2)));
        }

        return _hashes.AsSpan(start, method.SizeBytes);
    }
}

using System.Numerics;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// Which blocks of a virtual disk are in its file, and how many of them come before any other: all that is needed to know each
/// block's place before the first byte. Takes two bits a block.
/// </summary>
internal sealed class PresentBlocks
{
    private const int WordBits = 64;

    private readonly ulong[] _present;
    private readonly long[] _presentBeforeWord;

    /// <summary>Marks the blocks that some extents touch.</summary>
    /// <param name="virtualSizeBytes">Size of the virtual disk, at least 1.</param>
    /// <param name="blockSizeBytes">Bytes in a block, at least 1.</param>
    /// <param name="usedExtents">Ranges of the virtual disk that hold anything but zeros, in any order.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent does not lie on the disk.</exception>
    public PresentBlocks(long virtualSizeBytes, int blockSizeBytes, IEnumerable<ByteExtent> usedExtents)
    {
        Blocks = ((virtualSizeBytes - 1) / blockSizeBytes) + 1;
        var words = (int)((Blocks + WordBits - 1) / WordBits);
        _present = new ulong[words];
        _presentBeforeWord = new long[words];
        foreach (var extent in usedExtents)
        {
            Mark(extent, virtualSizeBytes, blockSizeBytes);
        }

        for (var i = 0; i < words; i++)
        {
            _presentBeforeWord[i] = Count;
            Count += BitOperations.PopCount(_present[i]);
        }
    }

    /// <summary>Blocks of the disk.</summary>
    public long Blocks { get; }

    /// <summary>Blocks that are in the file.</summary>
    public long Count { get; }

    /// <summary>Whether a block is in the file.</summary>
    /// <param name="block">0 to <see cref="Blocks"/> - 1.</param>
    public bool Contains(long block) => (_present[block / WordBits] >> (int)(block % WordBits) & 1) != 0;

    /// <summary>How many present blocks come before a block.</summary>
    /// <param name="block">0 to <see cref="Blocks"/> - 1.</param>
    public long CountBefore(long block)
    {
        var below = _present[block / WordBits] & ((1UL << (int)(block % WordBits)) - 1);
        return _presentBeforeWord[block / WordBits] + BitOperations.PopCount(below);
    }

    private void Mark(ByteExtent extent, long virtualSizeBytes, int blockSizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extent.OffsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(extent.LengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(extent.LengthBytes, virtualSizeBytes - extent.OffsetBytes);
        if (extent.LengthBytes == 0)
        {
            return;
        }

        var last = (extent.EndBytes - 1) / blockSizeBytes;
        for (var block = extent.OffsetBytes / blockSizeBytes; block <= last; block++)
        {
            _present[block / WordBits] |= 1UL << (int)(block % WordBits);
        }
    }
}

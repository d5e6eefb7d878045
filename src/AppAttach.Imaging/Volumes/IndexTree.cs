using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes;

// NTFS folders are B-trees: an entry stands in exactly one node, all leaves at one depth (image-format notes 4.8).
//
// The tree is built bottom-up from the sorted entries. Level 0 are the leaves: row n of a level holds the level's items from
// behind separator n - 1 up to separator n. The separators of a level, in order, are the items of the next one; item j
// there has row j as its child, and the entry that ends a row has the row behind the row's last separator. When the
// separators of a level fit into the index root, it takes them.
//
// Only the place of each separator is kept: four bytes an index buffer.

/// <summary>How the sorted entries of one folder are spread over index buffers.</summary>
internal sealed class IndexTree
{
    // Per level: for each row the item that ends it (a separator; in the last row the number of items).
    private readonly int[][] _rowEnds;
    private readonly int[] _firstBuffers;

    private IndexTree(List<int[]> rowEnds)
    {
        _rowEnds = [.. rowEnds];
        _firstBuffers = new int[_rowEnds.Length];
        foreach (var level in Enumerable.Range(0, _rowEnds.Length))
        {
            _firstBuffers[level] = BufferCount;
            BufferCount += _rowEnds[level].Length;
        }
    }

    /// <summary>Number of index buffers. Buffers are numbered leaves first, each level in order.</summary>
    public int BufferCount { get; }

    /// <summary>Number of levels below the index root.</summary>
    public int LevelCount => _rowEnds.Length;

    /// <summary>Number of entries in the index root, the one without key not counted.</summary>
    public int RootEntryCount => _rowEnds[^1].Length - 1;

    /// <summary>Builds the tree.</summary>
    /// <param name="entrySizes">Bytes of each entry without a child, in order; at least one.</param>
    /// <param name="rootCapacityBytes">Bytes that the index root has for entries, the last one included.</param>
    public static IndexTree Build(ReadOnlySpan<short> entrySizes, int rootCapacityBytes)
    {
        var levels = new List<int[]>();
        var sizes = entrySizes.ToArray();
        while (true)
        {
            var hasChildren = levels.Count > 0;
            var ends = FillRows(sizes, IndexBuffer.EntriesCapacityBytes - IndexEntry.SizeOfLast(hasChildren));
            levels.Add(ends);

            var separators = new short[ends.Length - 1];
            var rootBytes = IndexEntry.SizeOfLast(hasChild: true);
            for (var row = 0; row < separators.Length; row++)
            {
                separators[row] = (short)(sizes[ends[row]] + (hasChildren ? 0 : IndexEntry.ChildSize));
                rootBytes += separators[row];
            }

            if (rootBytes <= rootCapacityBytes)
            {
                return new IndexTree(levels);
            }

            sizes = separators;
        }
    }

    /// <summary>Number of rows, and so of index buffers, of a level.</summary>
    public int RowCount(int level) => _rowEnds[level].Length;

    /// <summary>The items of a row: the first, and the one behind the last.</summary>
    public (int First, int End) Row(int level, int row) =>
        (row == 0 ? 0 : _rowEnds[level][row - 1] + 1, _rowEnds[level][row]);

    /// <summary>The sorted entry that an item of a level stands for.</summary>
    /// <param name="level">0 for the leaves; <see cref="LevelCount"/> for the index root.</param>
    /// <param name="item">The item's place in that level.</param>
    public int EntryOf(int level, int item)
    {
        for (; level > 0; level--)
        {
            item = _rowEnds[level - 1][item];
        }

        return item;
    }

    /// <summary>Virtual cluster of the index buffer that holds a row; clusters and index buffers are of one size.</summary>
    public long VcnOf(int level, int row) => _firstBuffers[level] + row;

    private static int[] FillRows(short[] sizes, int capacityBytes)
    {
        var ends = new List<int>();
        var used = 0;
        for (var item = 0; item < sizes.Length; item++)
        {
            if (used + sizes[item] <= capacityBytes)
            {
                used += sizes[item];
                continue;
            }

            // This item becomes the separator. Were it the last of all, the row behind it would be empty: then the
            // one before it is the separator, and it stands in the last row alone.
            var separator = item == sizes.Length - 1 ? item - 1 : item;
            ends.Add(separator);
            used = 0;
            item = separator;
        }

        ends.Add(sizes.Length);
        return [.. ends];
    }
}

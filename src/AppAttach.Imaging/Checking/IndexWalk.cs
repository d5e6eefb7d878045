using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Checking;

/// <summary>Goes through an index as a tree: all leaves at one depth, each block once, and its bitmap right.</summary>
/// <param name="index">The index.</param>
/// <param name="findings">Takes what is wrong.</param>
/// <param name="place">What the index is, for findings.</param>
internal sealed class IndexWalk(IndexReader index, FindingList findings, string place)
{
    private readonly BitSet _visited = new(index.BlockCount);
    private int _leafDepth = -1;

    /// <summary>All entries with a key, in order.</summary>
    /// <exception cref="InvalidInputException">A node cannot be read.</exception>
    public IEnumerable<IndexNodeEntry> Enumerate() => Enumerate(index.Root, 0);

    /// <summary>Holds the index's bitmap against the blocks that were reached.</summary>
    /// <param name="bitmap">The bitmap, or null when the record has none.</param>
    public void CheckBitmap(ByteSource? bitmap)
    {
        if (index.BlockCount == 0)
        {
            return;
        }

        var bytes = new byte[(index.BlockCount + 7) / 8];
        if (!findings.Require(
            bitmap is not null && bitmap.Length >= bytes.Length, "index-bitmap", place, $"Its bitmap is shorter than its {index.BlockCount} blocks."))
        {
            return;
        }

        bitmap!.Read(0, bytes);
        for (var block = 0; block < index.BlockCount; block++)
        {
            var isMarked = (bytes[block / 8] >> (block % 8) & 1) != 0;
            if (!findings.Require(
                isMarked == _visited[block],
                "index-bitmap",
                place,
                $"Its block {block} is marked {(isMarked ? "used, and no" : "unused, and an")} entry leads to it."))
            {
                return;
            }
        }
    }

    private IEnumerable<IndexNodeEntry> Enumerate(IndexNode node, int depth)
    {
        if (!node.Header.HasChildren)
        {
            findings.Require(_leafDepth < 0 || _leafDepth == depth, "index-depth", place, $"It has leaves at depths {_leafDepth} and {depth}.");
            _leafDepth = depth;
        }

        foreach (var entry in node.Entries)
        {
            if (entry.Child is { } child)
            {
                if (depth >= IndexReader.MaximumDepth || _visited.Set(index.BlockOfVcn(child), 1) >= 0)
                {
                    findings.Add("index", place, $"It reaches its block {child} twice, or is deeper than {IndexReader.MaximumDepth}.");
                    yield break;
                }

                foreach (var below in Enumerate(index.ReadBlock(child), depth + 1))
                {
                    yield return below;
                }
            }

            if (!entry.Header.IsLast)
            {
                yield return entry;
            }
        }
    }
}

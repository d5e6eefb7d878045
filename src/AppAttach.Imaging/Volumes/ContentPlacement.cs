using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Volumes;

// Content is written front to back while the package is read front to back, so files stand in the order of the package, and a file that is wished
// to a place gets it if nothing before it reaches that far. What then stands in the way of those behind it, a file that is new or has grown
// and finds no gap, is put behind all others: held in memory until its turn comes, so only small files, and not many of them. One that cannot be
// held pushes those behind it on, until gaps make up for it.

/// <summary>Gives places to the content of all files of a volume.</summary>
internal sealed class ContentPlacement
{
    /// <summary>Clusters of content that are held in memory until all other content is written, in bytes, at most.</summary>
    public const long MaximumHeldBytes = 8 << 20;

    /// <summary>Largest file that is held, in bytes.</summary>
    public const int MaximumHeldFileBytes = BlockMap.BlockBytes;

    /// <summary>Of so many clusters of content one may be left free to keep files in place; and some more, for small volumes.</summary>
    private const int ClustersPerFreeOne = 50;

    private const int FreeClustersAnyway = 256;

    private readonly int[] _wishes;
    private readonly List<ClusterRun> _gaps = [];
    private readonly HashSet<int> _held = [];
    private long _gapClusters;
    private long _heldBytes;
    private int _shiftedBefore;

    private ContentPlacement(PlacementWishes? wishes) => _wishes = wishes?.Clusters ?? [];

    /// <summary>The first cluster behind all content.</summary>
    public long EndCluster { get; private set; }

    /// <summary>Clusters before it that are free, in order.</summary>
    public IReadOnlyList<ClusterRun> Gaps => _gaps;

    /// <summary>Places, among the files in the order in which they were added, of those whose content stands behind all others', in order.</summary>
    public IReadOnlySet<int> Held => _held;

    /// <summary>Gives places.</summary>
    /// <param name="nodes">The nodes; the first clusters of files are set.</param>
    /// <param name="files">Record numbers of the files, in the order of their content.</param>
    /// <param name="wishes">Where files should stand; null: one behind the other.</param>
    /// <param name="firstCluster">The first cluster for content.</param>
    public static ContentPlacement Place(Span<VolumeNode> nodes, ReadOnlySpan<int> files, PlacementWishes? wishes, long firstCluster)
    {
        var placement = new ContentPlacement(wishes);
        if (wishes is not null)
        {
            long contentClusters = 0;
            foreach (var file in files)
            {
                contentClusters += nodes[file].Content.ClusterCount;
            }

            placement._gapClusters = FreeClustersAnyway + (contentClusters / ClustersPerFreeOne);
        }

        placement.PlaceAll(nodes, files, firstCluster);
        return placement;
    }

    private void PlaceAll(Span<VolumeNode> nodes, ReadOnlySpan<int> files, long next)
    {
        for (var index = 0; index < files.Length; index++)
        {
            ref var node = ref nodes[files[index]];
            if (node.SizeBytes == 0)
            {
                continue;
            }

            var wish = WishOf(index);
            if (wish >= next && wish - next <= _gapClusters)
            {
                AddGap(next, wish);
                next = wish;
            }
            else if (wish != next && StandsInTheWay(nodes, files, index, next))
            {
                _held.Add(index);
                _heldBytes += node.Content.AllocatedBytes;
                continue;
            }

            node.FirstCluster = checked((int)next);
            next = node.Content.EndCluster;
        }

        foreach (var index in _held.Order())
        {
            ref var node = ref nodes[files[index]];
            node.FirstCluster = checked((int)next);
            next = node.Content.EndCluster;
        }

        EndCluster = next;
    }

    private int WishOf(int index) => index < _wishes.Length ? _wishes[index] : 0;

    private void AddGap(long first, long end)
    {
        if (end > first)
        {
            _gaps.Add(new ClusterRun(first, end - first, 0));
            _gapClusters -= end - first;
        }
    }

    /// <summary>Whether a file without the place it wishes for is to be held, because the next that can have its place would lose it otherwise.</summary>
    private bool StandsInTheWay(ReadOnlySpan<VolumeNode> nodes, ReadOnlySpan<int> files, int index, long next)
    {
        if (index < _shiftedBefore || _wishes.Length == 0)
        {
            return false;
        }

        // All files from this one to the next that can have its place are in its way together.
        var heldBytes = _heldBytes;
        var clusters = next;
        for (var behind = index; behind < files.Length; behind++)
        {
            ref readonly var node = ref nodes[files[behind]];
            if (node.SizeBytes == 0)
            {
                continue;
            }

            if (WishOf(behind) >= next)
            {
                return clusters > WishOf(behind);
            }

            clusters += node.Content.ClusterCount;
            heldBytes += node.Content.AllocatedBytes;
            if (node.SizeBytes > MaximumHeldFileBytes || heldBytes > MaximumHeldBytes)
            {
                // This one stays in the row, and with it all before it.
                _shiftedBefore = behind + 1;
                return false;
            }
        }

        return false;
    }
}

using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Volumes;

/// <summary>
/// The place of every byte of a volume, known before the first is written. Sizes come first, then places: file system, index
/// buffers, files' content in order, free space, copy of the boot sector. Content is never put into file records, so that
/// everything before the first file depends on names and sizes only.
/// </summary>
internal sealed class VolumePlan
{
    private const int RecordsPerCluster = VolumeLimits.ClusterSizeBytes / FileRecordHeader.RecordSizeBytes;
    private const int SectorsPerCluster = VolumeLimits.ClusterSizeBytes / VolumeLimits.SectorSizeBytes;
    private const int SectorsPerAlignment = VolumeLimits.PartitionAlignmentBytes / VolumeLimits.SectorSizeBytes;
    private const int BitmapUnitBits = 64;
    private const int BitmapUnitBytes = 8;
    private const int BootFileBytes = 8192;
    private const int BitsPerByte = 8;

    private readonly VolumeTree _tree;

    private readonly PlacementWishes? _wishes;

    private VolumePlan(VolumeTree tree, VolumeOptions options, PlacementWishes? wishes)
    {
        (_tree, _wishes) = (tree, wishes);
        Options = options;
        tree.SetFolderTimes();
        RecordCount = (tree.Count + RecordsPerCluster - 1) / RecordsPerCluster * RecordsPerCluster;
        Children = SortedChildren.Of(tree.Nodes, out var firstChildren);
        PlanFolders(firstChildren);
        PlanPlaces();
    }

    /// <summary>What the volume was planned with.</summary>
    public VolumeOptions Options { get; }

    /// <summary>All files and folders; a node's place is the number of its record.</summary>
    public ReadOnlySpan<VolumeNode> Nodes => _tree.Nodes;

    /// <summary>Record numbers of all files, in the order in which they were added: that of their content.</summary>
    public ReadOnlySpan<int> Files => _tree.Files;

    /// <summary>Record numbers of all folders' entries, folder by folder, each folder's in the order of its index.</summary>
    public int[] Children { get; }

    /// <summary>All folders, by record number.</summary>
    public FolderPlan[] Folders { get; private set; } = [];

    /// <summary>The security descriptors.</summary>
    public SecurityCatalog Security => _tree.Security;

    /// <summary>Number of file records, unused ones at the end included: whole clusters of them.</summary>
    public int RecordCount { get; }

    /// <summary>Clusters of the volume.</summary>
    public long ClusterCount { get; private set; }

    /// <summary>Clusters up to the last one in use.</summary>
    public long UsedClusterCount { get; private set; }

    /// <summary>The first cluster behind the file system.</summary>
    public long FileSystemEndCluster { get; private set; }

    /// <summary>The first cluster that files' content may stand in; those between it and the file system are free.</summary>
    public long ContentCluster { get; private set; }

    /// <summary>Where the files' content stands.</summary>
    public ContentPlacement Placement { get; private set; } = null!;

    /// <summary>Free clusters before the last one in use, in order.</summary>
    public IEnumerable<ClusterRun> FreeRuns =>
        Placement.Gaps.Prepend(new ClusterRun(FileSystemEndCluster, ContentCluster - FileSystemEndCluster, 0));

    /// <summary>Length of the partition, a multiple of 1 MiB.</summary>
    public long PartitionLengthBytes { get; private set; }

    /// <summary>Bytes from the partition's start that carry anything; only the last sector does after them.</summary>
    public long UsedLengthBytes => UsedClusterCount * VolumeLimits.ClusterSizeBytes;

    /// <summary>Where the copy of the boot sector stands, in the partition's last sector.</summary>
    public long BackupBootSectorOffsetBytes => PartitionLengthBytes - VolumeLimits.SectorSizeBytes;

    /// <summary>$MFT's bitmap: which records are in use.</summary>
    public ClusterRun MftBitmap { get; private set; }

    /// <summary>$Secure's stream of descriptors.</summary>
    public ClusterRun SecurityStream { get; private set; }

    /// <summary>$Secure's index by hash.</summary>
    public IndexPlan SecurityHashIndex { get; private set; }

    /// <summary>$Secure's index by id.</summary>
    public IndexPlan SecurityIdIndex { get; private set; }

    /// <summary>The boot sector.</summary>
    public BootSector BootSector => new(
        SectorsPerCluster,
        Options.HiddenSectors,
        (PartitionLengthBytes / VolumeLimits.SectorSizeBytes) - 1,
        Content(SystemRecord.Mft).FirstCluster,
        Content(SystemRecord.MftMirror).FirstCluster,
        FileRecordHeader.RecordSizeBytes,
        IndexBuffer.BlockSizeBytes,
        Options.SerialNumber);

    /// <summary>Plans a volume.</summary>
    /// <param name="tree">Its files; not to be added to afterwards.</param>
    /// <param name="options">The rest.</param>
    /// <param name="wishes">Where content should stand, if it can; null: one file behind the other.</param>
    /// <exception cref="InvalidInputException">Two names differ in case only, or a limit is exceeded.</exception>
    public static VolumePlan Create(VolumeTree tree, VolumeOptions options, PlacementWishes? wishes = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(options.SerialNumber);
        ArgumentOutOfRangeException.ThrowIfNegative(options.FreeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.FreeBytes, VolumeLimits.MaximumPartitionBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Label.Length, VolumeLimits.MaximumLabelLength, nameof(options));
        return new VolumePlan(tree, options, wishes);
    }

    /// <summary>The clusters of a file's content.</summary>
    /// <param name="record">Record number of the file.</param>
    public ClusterRun Content(int record) => _tree.Nodes[record].Content;

    private void PlanFolders(int[] firstChildren)
    {
        var folders = new List<FolderPlan>();
        var nodes = _tree.Nodes;
        for (var record = 0; record < nodes.Length; record++)
        {
            if (nodes[record].IsFolder)
            {
                var first = firstChildren[record];
                var count = firstChildren[record + 1] - first;
                var tree = PlanIndex(nodes, Children.AsSpan(first, count), nodes[record].NameLength);
                folders.Add(new FolderPlan(record, first, count, new IndexPlan(tree, 0)));
            }
        }

        Folders = [.. folders];
    }

    private static IndexTree? PlanIndex(ReadOnlySpan<VolumeNode> nodes, ReadOnlySpan<int> children, int nameLength)
    {
        var sizes = new short[children.Length];
        long total = IndexEntry.SizeOfLast(hasChild: false);
        for (var child = 0; child < children.Length; child++)
        {
            sizes[child] = (short)IndexEntry.SizeForName(nodes[children[child]].NameLength, hasChild: false);
            total += sizes[child];
        }

        return total <= RecordRoom.SmallIndexCapacity(nameLength)
            ? null
            : IndexTree.Build(sizes, RecordRoom.LargeIndexCapacity(nameLength));
    }

    // The size of $Bitmap depends on the volume's size, and the volume's size on it: two or three rounds settle it.
    private void PlanPlaces()
    {
        for (long bitmapClusters = 1; ;)
        {
            PlanPlaces(bitmapClusters);
            var needed = ClusterRun.ClustersFor(BitmapBytes(ClusterCount));
            if (needed <= bitmapClusters)
            {
                return;
            }

            bitmapClusters = needed;
        }
    }

    private void PlanPlaces(long bitmapClusters)
    {
        long next = 0;
        Place(SystemRecord.Boot, BootFileBytes, ref next);
        MftBitmap = Run(BitmapBytes(RecordCount), ref next);
        Place(SystemRecord.Mft, (long)RecordCount * FileRecordHeader.RecordSizeBytes, ref next);
        Place(SystemRecord.MftMirror, SystemRecord.MirroredCount * FileRecordHeader.RecordSizeBytes, ref next);
        Place(SystemRecord.LogFile, VolumeLimits.LogSizeBytes, ref next);
        Place(SystemRecord.AttributeDefinitions, AttributeDefinition.TableSizeBytes, ref next);
        Place(SystemRecord.Upcase, UpcaseTable.SizeBytes, ref next);
        SecurityStream = Run(Security.StreamSizeBytes, ref next);
        SecurityHashIndex = Index(SecurityIndexes.TreeByHash(Security), ref next);
        SecurityIdIndex = Index(SecurityIndexes.TreeById(Security), ref next);
        var bitmapCluster = next;
        next += bitmapClusters;
        foreach (ref var folder in Folders.AsSpan())
        {
            folder = folder with { Index = Index(folder.Index.Tree, ref next) };
        }

        FileSystemEndCluster = next;
        ContentCluster = FindContentCluster(next);
        RequireRoom(ContentCluster + ContentClusters());
        Placement = ContentPlacement.Place(_tree.Nodes, Files, _wishes, ContentCluster);
        UsedClusterCount = Placement.EndCluster;
        if (UsedClusterCount == ContentCluster)
        {
            UsedClusterCount = ContentCluster = FileSystemEndCluster;
        }

        PlanSize(bitmapClusters);
        Place(SystemRecord.Bitmap, BitmapBytes(ClusterCount), ref bitmapCluster);
    }

    // Where the volume before has it. When the file system has outgrown that, there is some room to grow into the next time.
    private long FindContentCluster(long fileSystemEnd)
    {
        const int fileSystemClustersPerFreeOne = 64;
        const int freeClustersAnyway = 16;
        var room = freeClustersAnyway + (fileSystemEnd / fileSystemClustersPerFreeOne);
        return _wishes is null ? fileSystemEnd
            : _wishes.ContentCluster >= fileSystemEnd && _wishes.ContentCluster - fileSystemEnd <= 2 * room ? _wishes.ContentCluster
            : fileSystemEnd + room;
    }

    private void PlanSize(long bitmapClusters)
    {
        // A bitmap takes the clusters that were planned for it: a volume that turned out smaller than the round before gets free space.
        var leastClusters = ((bitmapClusters - 1) * VolumeLimits.ClusterSizeBytes * BitsPerByte) + 1;
        var clusters = Math.Max(UsedClusterCount + ClusterRun.ClustersFor(Options.FreeBytes), leastClusters);
        var sectors = ((clusters * SectorsPerCluster) + 1 + SectorsPerAlignment - 1) / SectorsPerAlignment * SectorsPerAlignment;
        PartitionLengthBytes = sectors * VolumeLimits.SectorSizeBytes;
        ClusterCount = (sectors - 1) / SectorsPerCluster;
        RequireRoom(clusters);
    }

    private void RequireRoom(long clusters)
    {
        var lengthBytes = Math.Max(PartitionLengthBytes, clusters * VolumeLimits.ClusterSizeBytes);
        if (lengthBytes > VolumeLimits.MaximumPartitionBytes)
        {
            throw new InvalidInputException(
                Defect.LimitExceeded,
                $"The files need a volume of {lengthBytes} bytes; the limit is {VolumeLimits.MaximumPartitionBytes}. Split the packages over more images.");
        }
    }

    private long ContentClusters()
    {
        long clusters = 0;
        foreach (ref readonly var node in _tree.Nodes[SystemRecord.FirstUser..])
        {
            clusters += ClusterRun.ClustersFor(node.SizeBytes);
        }

        return clusters;
    }

    private void Place(int record, long sizeBytes, ref long next)
    {
        ref var node = ref _tree.Nodes[record];
        node.SizeBytes = sizeBytes;
        node.FirstCluster = checked((int)next);
        next += ClusterRun.ClustersFor(sizeBytes);
    }

    private static ClusterRun Run(long sizeBytes, ref long next)
    {
        var run = ClusterRun.At(next, sizeBytes);
        next = run.EndCluster;
        return run;
    }

    private static IndexPlan Index(IndexTree? tree, ref long next)
    {
        var index = new IndexPlan(tree, next);
        next += index.ClusterCount;
        return index;
    }

    private static long BitmapBytes(long bits) => (bits + BitmapUnitBits - 1) / BitmapUnitBits * BitmapUnitBytes;
}

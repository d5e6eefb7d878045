namespace AppAttach.Imaging.Volumes;

/// <summary>A row of clusters that holds one value, and the value's size.</summary>
/// <param name="FirstCluster">First cluster on the volume.</param>
/// <param name="ClusterCount">Clusters in the row.</param>
/// <param name="SizeBytes">Bytes of the value; the rest of the last cluster is zero.</param>
internal readonly record struct ClusterRun(long FirstCluster, long ClusterCount, long SizeBytes)
{
    /// <summary>Offset of the row from the partition's start, in bytes.</summary>
    public long OffsetBytes => FirstCluster * VolumeLimits.ClusterSizeBytes;

    /// <summary>Bytes of the row's clusters.</summary>
    public long AllocatedBytes => ClusterCount * VolumeLimits.ClusterSizeBytes;

    /// <summary>The first cluster behind the row.</summary>
    public long EndCluster => FirstCluster + ClusterCount;

    /// <summary>Clusters that a value of some size takes.</summary>
    public static long ClustersFor(long sizeBytes) => (sizeBytes + VolumeLimits.ClusterSizeBytes - 1) / VolumeLimits.ClusterSizeBytes;

    /// <summary>The row that holds a value of some size and starts at a cluster.</summary>
    public static ClusterRun At(long firstCluster, long sizeBytes) => new(firstCluster, ClustersFor(sizeBytes), sizeBytes);
}

namespace AppAttach.Imaging.Volumes;

/// <summary>Where the nodes of one index stand.</summary>
/// <param name="Tree">How its entries are spread over index buffers; null when all are in the record.</param>
/// <param name="FirstCluster">First cluster of the index buffers, and then of the bitmap if that is not in the record.</param>
internal readonly record struct IndexPlan(IndexTree? Tree, long FirstCluster)
{
    /// <summary>
    /// Largest bitmap that stays in the record, in bytes: with it a folder with a name of 255 characters still fits into its
    /// record, and a larger one takes no more room there than a bitmap of this size, because it is moved out.
    /// </summary>
    public const int MaximumResidentBitmapBytes = 40;

    private const int BitmapUnitBits = 64;
    private const int BitmapUnitBytes = 8;

    /// <summary>The index buffers.</summary>
    public ClusterRun Buffers => ClusterRun.At(FirstCluster, (long)(Tree?.BufferCount ?? 0) * Ntfs.IndexBuffer.BlockSizeBytes);

    /// <summary>Bytes of the bitmap that says which index buffers are in use.</summary>
    public int BitmapSizeBytes => ((Tree?.BufferCount ?? 0) + BitmapUnitBits - 1) / BitmapUnitBits * BitmapUnitBytes;

    /// <summary>Whether the bitmap is in the record.</summary>
    public bool IsBitmapResident => BitmapSizeBytes <= MaximumResidentBitmapBytes;

    /// <summary>The bitmap's clusters; none when it is in the record.</summary>
    public ClusterRun Bitmap => ClusterRun.At(Buffers.EndCluster, IsBitmapResident ? 0 : BitmapSizeBytes);

    /// <summary>Clusters of buffers and bitmap.</summary>
    public long ClusterCount => Buffers.ClusterCount + Bitmap.ClusterCount;
}

namespace AppAttach.Imaging.Disks;

/// <summary>
/// A VHDX file with a GUID partition table and one partition, planned before its first byte. Blocks that no used extent of the
/// partition touches take no room in the file.
/// </summary>
internal sealed class DiskPlan
{
    /// <summary>
    /// Largest disk that gets blocks of 1 MiB. Small blocks leave less unused room at each end of a used extent and cost eight
    /// bytes each; up to here the table of them still fits into the megabyte it takes anyway.
    /// </summary>
    public const long SmallBlocksUpToBytes = 120L << 30;

    private const int SmallBlockBytes = 1 << 20;
    private const int LargeBlockBytes = 2 << 20;

    /// <summary>Plans a disk.</summary>
    /// <param name="partitionLengthBytes">Length of the partition: a multiple of 512 bytes; a multiple of 1 MiB wastes nothing.</param>
    /// <param name="usedExtents">Ranges of the partition that may hold anything but zeros, in any order.</param>
    /// <param name="identifiers">Identity of the disk, none zero.</param>
    public DiskPlan(long partitionLengthBytes, IEnumerable<ByteExtent> usedExtents, DiskIdentifiers identifiers)
    {
        var blockSizeBytes = partitionLengthBytes <= SmallBlocksUpToBytes ? SmallBlockBytes : LargeBlockBytes;
        Gpt = new GptLayout(partitionLengthBytes, blockSizeBytes, identifiers.DiskGuid, identifiers.PartitionGuid);
        Vhdx = new VhdxPlan(Gpt.DiskSizeBytes, blockSizeBytes, identifiers.Vhdx, DiskExtents(usedExtents));
    }

    /// <summary>The partition table.</summary>
    public GptLayout Gpt { get; }

    /// <summary>The file.</summary>
    public VhdxPlan Vhdx { get; }

    /// <summary>Size of the file.</summary>
    public long FileSizeBytes => Vhdx.FileSizeBytes;

    /// <summary>Size of the virtual disk.</summary>
    public long DiskSizeBytes => Gpt.DiskSizeBytes;

    /// <summary>Where the partition starts in the virtual disk.</summary>
    public static long PartitionOffsetBytes => GptLayout.PartitionOffsetBytes;

    private IEnumerable<ByteExtent> DiskExtents(IEnumerable<ByteExtent> usedExtents)
    {
        yield return new ByteExtent(0, GptLayout.PrimaryLengthBytes);
        foreach (var extent in usedExtents)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(extent.OffsetBytes, nameof(usedExtents));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                extent.LengthBytes, Gpt.PartitionLengthBytes - extent.OffsetBytes, nameof(usedExtents));
            yield return extent with { OffsetBytes = GptLayout.PartitionOffsetBytes + extent.OffsetBytes };
        }

        yield return new ByteExtent(Gpt.DiskSizeBytes - GptLayout.BackupLengthBytes, GptLayout.BackupLengthBytes);
    }
}

namespace AppAttach.Imaging.Disks;

/// <summary>
/// A disk file with a GUID partition table and one partition, planned before its first byte. Blocks that no used extent of the
/// partition touches take no room in a dynamic file.
/// </summary>
internal sealed class DiskPlan
{
    /// <summary>
    /// Largest partition that gets blocks of 1 MiB in a VHDX file. Small blocks leave less unused room at each end of a used extent and cost eight
    /// bytes each; up to here the table of them still fits into the megabyte it takes anyway.
    /// </summary>
    public const long SmallBlocksUpToBytes = 120L << 30;

    private const int SmallBlockBytes = 1 << 20;
    private const int LargeBlockBytes = 2 << 20;

    /// <summary>Plans a disk.</summary>
    /// <param name="partitionLengthBytes">Length of the partition: a multiple of 512 bytes; a multiple of 1 MiB wastes nothing.</param>
    /// <param name="usedExtents">Ranges of the partition that may hold anything but zeros, in any order.</param>
    /// <param name="identifiers">Identity of the disk, none zero.</param>
    /// <param name="format">Format of the file; not <see cref="DiskFormat.Raw"/>.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.LimitExceeded"/>: the format cannot hold so large a disk.</exception>
    public DiskPlan(
        long partitionLengthBytes,
        IEnumerable<ByteExtent> usedExtents,
        DiskIdentifiers identifiers,
        DiskFormat format = DiskFormat.VhdxDynamic)
    {
        var blockSizeBytes = partitionLengthBytes <= SmallBlocksUpToBytes ? SmallBlockBytes : LargeBlockBytes;
        var diskSizeBytes = FindDiskSize(partitionLengthBytes, format, blockSizeBytes);
        Gpt = new GptLayout(partitionLengthBytes, diskSizeBytes, identifiers.DiskGuid, identifiers.PartitionGuid);
        ByteExtent[] used = [.. DiskExtents(usedExtents)];
        File = format switch
        {
            DiskFormat.VhdxDynamic => new VhdxPlan(diskSizeBytes, blockSizeBytes, identifiers.Vhdx, used),
            DiskFormat.VhdxFixed => new VhdxPlan(diskSizeBytes, blockSizeBytes, identifiers.Vhdx, used, isFixed: true),
            DiskFormat.VhdDynamic => new VhdDynamicPlan(diskSizeBytes, identifiers.Vhd, used),
            DiskFormat.VhdFixed => new VhdFixedPlan(diskSizeBytes, identifiers.Vhd),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such files are written."),
        };
    }

    /// <summary>The partition table.</summary>
    public GptLayout Gpt { get; }

    /// <summary>The file.</summary>
    public DiskFilePlan File { get; }

    /// <summary>Size of the file.</summary>
    public long FileSizeBytes => File.FileSizeBytes;

    /// <summary>Size of the virtual disk.</summary>
    public long DiskSizeBytes => Gpt.DiskSizeBytes;

    /// <summary>Where the partition starts in the virtual disk.</summary>
    public static long PartitionOffsetBytes => GptLayout.PartitionOffsetBytes;

    private static long FindDiskSize(long partitionLengthBytes, DiskFormat format, int vhdxBlockSizeBytes)
    {
        var needed = GptLayout.MinimumDiskSize(partitionLengthBytes);
        if (format is not (DiskFormat.VhdDynamic or DiskFormat.VhdFixed))
        {
            return DiskUnits.Align(needed, vhdxBlockSizeBytes);
        }

        // Whole blocks, so that the last one is not cut; fixed, whole mebibytes, which Azure wants. A reader that believes the geometry
        // loses the second partition table at most.
        var multiple = format == DiskFormat.VhdDynamic ? VhdDynamicPlan.BlockSizeBytes : DiskUnits.MebibyteBytes;
        var size = VhdGeometry.FindDiskSize(needed, PartitionOffsetBytes + partitionLengthBytes, multiple);
        return size <= VhdDisk.MaximumSizeBytes
            ? size
            : throw new InvalidInputException(
                Defect.LimitExceeded,
                FormattableString.Invariant(
                    $"The disk would have {size} bytes; a VHD holds {VhdDisk.MaximumSizeBytes} at most (2040 GiB). Use VHDX, or put fewer packages into the image."));
    }

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

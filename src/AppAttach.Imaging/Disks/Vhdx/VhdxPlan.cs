using System.Numerics;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// Where everything stands in a VHDX file: header section, log, metadata, BAT, then the present blocks in virtual order. A fixed
/// file differs from a dynamic one by a flag, and in that all blocks are present.
/// </summary>
internal sealed class VhdxPlan : DiskFilePlan
{
    /// <summary>Bytes of the log, which stays empty.</summary>
    public const int LogLengthBytes = DiskUnits.MebibyteBytes;

    /// <summary>Bytes of the metadata region.</summary>
    public const int MetadataLengthBytes = DiskUnits.MebibyteBytes;

    /// <summary>Where the log stands.</summary>
    public const long LogOffsetBytes = VhdxRegions.HeaderSectionLength;

    /// <summary>Where the metadata region stands.</summary>
    public const long MetadataOffsetBytes = LogOffsetBytes + LogLengthBytes;

    /// <summary>Where the BAT region stands.</summary>
    public const long BatOffsetBytes = MetadataOffsetBytes + MetadataLengthBytes;

    private readonly PresentBlocks _present;

    /// <summary>Plans a file.</summary>
    /// <param name="virtualSizeBytes">Size of the virtual disk: a multiple of 512 bytes, at least 512 and at most 64 TiB.</param>
    /// <param name="blockSizeBytes">Bytes in a block: a power of two, 1 MiB to 256 MiB.</param>
    /// <param name="identifiers">Identity of the file, none zero.</param>
    /// <param name="usedExtents">Ranges of the virtual disk that hold anything but zeros, in any order; every block they touch is present.</param>
    /// <param name="isFixed">Whether every block is present, used or not.</param>
    public VhdxPlan(
        long virtualSizeBytes, int blockSizeBytes, VhdxIdentifiers identifiers, IEnumerable<ByteExtent> usedExtents, bool isFixed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(virtualSizeBytes, DiskUnits.SectorSizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(virtualSizeBytes, VhdxMetadata.MaximumVirtualSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(virtualSizeBytes % DiskUnits.SectorSizeBytes, 0, nameof(virtualSizeBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSizeBytes, VhdxMetadata.MinimumBlockSizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blockSizeBytes, VhdxMetadata.MaximumBlockSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(BitOperations.IsPow2(blockSizeBytes), true, nameof(blockSizeBytes));
        ArgumentOutOfRangeException.ThrowIfEqual(identifiers.FileWriteGuid, Guid.Empty, nameof(identifiers));
        ArgumentOutOfRangeException.ThrowIfEqual(identifiers.DataWriteGuid, Guid.Empty, nameof(identifiers));
        ArgumentOutOfRangeException.ThrowIfEqual(identifiers.DiskGuid, Guid.Empty, nameof(identifiers));

        VirtualSizeBytes = virtualSizeBytes;
        BlockSizeBytes = blockSizeBytes;
        Identifiers = identifiers;
        Bat = new VhdxBatLayout(virtualSizeBytes, blockSizeBytes, DiskUnits.SectorSizeBytes);
        BatLengthBytes = DiskUnits.Align(Bat.SizeBytes, DiskUnits.MebibyteBytes);
        PayloadOffsetBytes = BatOffsetBytes + BatLengthBytes;

        IsFixed = isFixed;
        _present = new PresentBlocks(virtualSizeBytes, blockSizeBytes, isFixed ? [new ByteExtent(0, virtualSizeBytes)] : usedExtents);
        FileSizeBytes = PayloadOffsetBytes + (PresentBlocks * blockSizeBytes);
    }

    /// <inheritdoc/>
    public override DiskFormat Format => IsFixed ? DiskFormat.VhdxFixed : DiskFormat.VhdxDynamic;

    /// <inheritdoc/>
    public override long VirtualSizeBytes { get; }

    /// <summary>Whether the file is a fixed one.</summary>
    public bool IsFixed { get; }

    /// <summary>Bytes in a block.</summary>
    public int BlockSizeBytes { get; }

    /// <summary>Identity of the file.</summary>
    public VhdxIdentifiers Identifiers { get; }

    /// <summary>Layout of the block allocation table.</summary>
    public VhdxBatLayout Bat { get; }

    /// <summary>Bytes of the BAT region.</summary>
    public long BatLengthBytes { get; }

    /// <summary>Where the first present block stands.</summary>
    public long PayloadOffsetBytes { get; }

    /// <summary>Blocks that are in the file.</summary>
    public long PresentBlocks => _present.Count;

    /// <summary>Size of the whole file: a multiple of 1 MiB.</summary>
    public override long FileSizeBytes { get; }

    /// <summary>Whether a block is in the file.</summary>
    /// <param name="block">0 to the number of payload blocks - 1.</param>
    public bool IsPresent(long block) => _present.Contains(block);

    /// <summary>Where a present block stands in the file.</summary>
    /// <param name="block">A block for which <see cref="IsPresent"/> holds.</param>
    public long FileOffsetOfBlock(long block) => PayloadOffsetBytes + (_present.CountBefore(block) * BlockSizeBytes);

    /// <inheritdoc/>
    public override ByteExtent FindInFile(long virtualOffsetBytes)
    {
        var offsetInBlock = virtualOffsetBytes % BlockSizeBytes;
        return new ByteExtent(FileOffsetOfBlock(virtualOffsetBytes / BlockSizeBytes) + offsetInBlock, BlockSizeBytes - offsetInBlock);
    }

    /// <inheritdoc/>
    public override DiskFileWriter StartFile(Stream output) => new VhdxWriter(output, this);

    /// <summary>The entry of the block allocation table with an index.</summary>
    /// <param name="entry">0 to <see cref="VhdxBatLayout.Entries"/> - 1.</param>
    public VhdxBatEntry BatEntry(long entry)
    {
        if (Bat.IsSectorBitmap(entry))
        {
            return default;
        }

        var block = entry - (entry / (Bat.ChunkRatio + 1));
        return IsPresent(block)
            ? new VhdxBatEntry(VhdxBlockState.FullyPresent, FileOffsetOfBlock(block))
            : new VhdxBatEntry(VhdxBlockState.Zero, 0);
    }
}

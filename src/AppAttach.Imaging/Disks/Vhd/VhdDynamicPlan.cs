namespace AppAttach.Imaging.Disks;

/// <summary>
/// Where everything stands in a dynamic VHD file.
/// <code>
/// 0       copy of the footer
/// 512     dynamic header
/// 1536    block allocation table, to a whole sector with FF, then zeros to 4 KiB
/// then    present blocks, in virtual order: 3584 zeros, sector bitmap of 512 bytes, data of 2 MiB
/// end     footer
/// </code>
/// A bitmap is shorter than 4 KiB, so without the zeros before it no block's data would start on a boundary of 4 KiB, and every cluster
/// that is read would touch two sectors of today's disks.
/// </summary>
internal sealed class VhdDynamicPlan : DiskFilePlan
{
    /// <summary>Bytes of data in a block: the specification's default, and the one size that all readers are used to.</summary>
    public const int BlockSizeBytes = 2 << 20;

    /// <summary>Where the dynamic header stands.</summary>
    public const int HeaderOffsetBytes = VhdFooter.Size;

    /// <summary>Where the block allocation table stands.</summary>
    public const int TableOffsetBytes = HeaderOffsetBytes + VhdDynamicHeader.Size;

    /// <summary>What the data of a block starts on in the file.</summary>
    public const int DataAlignmentBytes = 4096;

    private readonly PresentBlocks _present;

    /// <summary>Plans a file.</summary>
    /// <param name="virtualSizeBytes">Size of the virtual disk: a multiple of 512 bytes, at least 512 and at most 2040 GiB.</param>
    /// <param name="identifiers">Identity of the disk.</param>
    /// <param name="usedExtents">Ranges of the virtual disk that hold anything but zeros, in any order; every block they touch is present.</param>
    public VhdDynamicPlan(long virtualSizeBytes, VhdIdentifiers identifiers, IEnumerable<ByteExtent> usedExtents)
    {
        VhdDisk.RequireSize(virtualSizeBytes);
        ArgumentOutOfRangeException.ThrowIfEqual(identifiers.UniqueId, Guid.Empty, nameof(identifiers));
        _present = new PresentBlocks(virtualSizeBytes, BlockSizeBytes, usedExtents);
        VirtualSizeBytes = virtualSizeBytes;
        Header = new VhdDynamicHeader(TableOffsetBytes, VhdDynamicHeader.CurrentVersion, (uint)_present.Blocks, BlockSizeBytes);
        Footer = VhdFooter.Of(VhdFooter.DynamicType, HeaderOffsetBytes, virtualSizeBytes, identifiers);
        TableLengthBytes = DiskUnits.Align(_present.Blocks * VhdBatEntry.Size, DiskUnits.SectorSizeBytes);
        BlocksOffsetBytes = DiskUnits.Align(TableOffsetBytes + TableLengthBytes, DataAlignmentBytes);
        PaddingBytes = (int)(DiskUnits.Align(Header.BitmapSizeBytes, DataAlignmentBytes) - Header.BitmapSizeBytes);
    }

    /// <inheritdoc/>
    public override DiskFormat Format => DiskFormat.VhdDynamic;

    /// <inheritdoc/>
    public override long VirtualSizeBytes { get; }

    /// <inheritdoc/>
    public override long FileSizeBytes => FooterOffsetBytes + VhdFooter.Size;

    /// <summary>The footer, which is the file's first structure as well.</summary>
    public VhdFooter Footer { get; }

    /// <summary>The dynamic header.</summary>
    public VhdDynamicHeader Header { get; }

    /// <summary>Bytes of the block allocation table with what fills its last sector.</summary>
    public long TableLengthBytes { get; }

    /// <summary>Where the zeros before the first present block's bitmap start.</summary>
    public long BlocksOffsetBytes { get; }

    /// <summary>Zeros before each bitmap.</summary>
    public int PaddingBytes { get; }

    /// <summary>Where the footer stands: behind the last block.</summary>
    public long FooterOffsetBytes => BlocksOffsetBytes + (PresentCount * StrideBytes);

    /// <summary>Blocks of the disk.</summary>
    public long Blocks => _present.Blocks;

    /// <summary>Blocks that are in the file.</summary>
    public long PresentCount => _present.Count;

    private long StrideBytes => PaddingBytes + Header.BitmapSizeBytes + BlockSizeBytes;

    /// <summary>Whether a block is in the file.</summary>
    /// <param name="block">0 to <see cref="Blocks"/> - 1.</param>
    public bool IsPresent(long block) => _present.Contains(block);

    /// <summary>Where a present block's bitmap stands in the file.</summary>
    /// <param name="block">A block for which <see cref="IsPresent"/> holds.</param>
    public long BitmapOffsetOfBlock(long block) => BlocksOffsetBytes + (_present.CountBefore(block) * StrideBytes) + PaddingBytes;

    /// <summary>A block's entry in the table.</summary>
    /// <param name="block">0 to <see cref="Blocks"/> - 1.</param>
    public VhdBatEntry BatEntry(long block) => IsPresent(block) ? VhdBatEntry.At(BitmapOffsetOfBlock(block)) : VhdBatEntry.Absent;

    /// <inheritdoc/>
    public override ByteExtent FindInFile(long virtualOffsetBytes)
    {
        var offsetInBlock = virtualOffsetBytes % BlockSizeBytes;
        var data = BitmapOffsetOfBlock(virtualOffsetBytes / BlockSizeBytes) + Header.BitmapSizeBytes;
        return new ByteExtent(data + offsetInBlock, BlockSizeBytes - offsetInBlock);
    }

    /// <inheritdoc/>
    public override DiskFileWriter StartFile(Stream output) => new VhdDynamicWriter(output, this);
}

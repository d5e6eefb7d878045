namespace AppAttach.Imaging.Disks;

/// <summary>
/// The virtual disk in a VHDX file, fixed or dynamic. The block allocation table is read page by page as it is needed, so memory does
/// not grow with the disk.
/// </summary>
internal sealed class VhdxDisk : VirtualDisk
{
    private const int BatPageSize = 32 << 10;
    private const int EntriesInPage = BatPageSize / VhdxBatEntry.Size;

    private readonly ByteSource _file;
    private readonly byte[] _batPage = new byte[BatPageSize];
    private long _batPageFirst = -1;

    /// <summary>Opens the disk.</summary>
    /// <param name="file">A file that starts with the file identifier.</param>
    /// <exception cref="InvalidInputException">It is broken, or of a kind that is not read.</exception>
    public VhdxDisk(ByteSource file)
    {
        _file = file;
        Structure = VhdxStructure.Read(file);
    }

    /// <summary>What the file says of itself.</summary>
    public VhdxStructure Structure { get; }

    /// <inheritdoc/>
    public override DiskFormat Format => Structure.Metadata.IsFixed ? DiskFormat.VhdxFixed : DiskFormat.VhdxDynamic;

    /// <inheritdoc/>
    public override int SectorSizeBytes => (int)Structure.Metadata.LogicalSectorBytes;

    /// <inheritdoc/>
    public override long Length => (long)Structure.Metadata.VirtualSizeBytes;

    /// <summary>An entry of the block allocation table.</summary>
    /// <param name="entry">0 to the number of entries - 1.</param>
    public VhdxBatEntry ReadBatEntry(long entry)
    {
        var first = entry / EntriesInPage * EntriesInPage;
        if (first != _batPageFirst)
        {
            var length = (int)Math.Min(EntriesInPage, Structure.Bat.Entries - first) * VhdxBatEntry.Size;
            _batPageFirst = -1;
            _file.Read((long)Structure.BatRegion.FileOffset + (first * VhdxBatEntry.Size), _batPage.AsSpan(0, length));
            _batPageFirst = first;
        }

        return VhdxBatEntry.Read(_batPage.AsSpan((int)(entry - first) * VhdxBatEntry.Size));
    }

    /// <inheritdoc/>
    protected override int ReadPart(long offset, Span<byte> buffer)
    {
        var block = offset / Structure.Bat.BlockSizeBytes;
        var offsetInBlock = offset % Structure.Bat.BlockSizeBytes;
        buffer = buffer[..(int)Math.Min(buffer.Length, Structure.Bat.BlockSizeBytes - offsetInBlock)];
        var entry = ReadBatEntry(Structure.Bat.EntryOfBlock(block));
        switch (entry.State)
        {
            case VhdxBlockState.NotPresent or VhdxBlockState.Undefined or VhdxBlockState.Zero or VhdxBlockState.Unmapped:
                buffer.Clear();
                break;
            case VhdxBlockState.FullyPresent when entry.FileOffset is >= VhdxRegions.HeaderSectionLength and <= long.MaxValue / 2:
                _file.Read((long)entry.FileOffset + offsetInBlock, buffer);
                break;
            case VhdxBlockState.FullyPresent:
                throw CorruptDisk.Because($"The VHDX file puts block {block} at {entry.FileOffset}, where no block can stand.");
            case VhdxBlockState.PartiallyPresent:
                throw CorruptDisk.Unsupported($"VHDX block {block} is in part in a parent disk, which is not read.");
            default:
                throw CorruptDisk.Because($"VHDX block {block} has state {(int)entry.State}, which does not exist.");
        }

        return buffer.Length;
    }
}

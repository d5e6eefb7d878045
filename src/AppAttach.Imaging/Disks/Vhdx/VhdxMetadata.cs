using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The metadata region's table and the five items every reader needs ([MS-VHDX] 2.6).
/// <code>
/// off  size  field        value we write
/// 0    8     signature    "metadata"
/// 8    2     reserved     zero
/// 10   2     entry count  5
/// 12   20    reserved     zero
/// 32   32*n  entries      see VhdxMetadataEntry
///
/// item             length  flags  value we write, from offset 64 KiB on, one after the other
/// file parameters  8       4      block size u32; u32: bit 0 leave blocks allocated (fixed), bit 1 has parent 0
/// virtual size     8       6      bytes
/// page 83 data     16      6      GUID of the disk, from outside
/// logical sector   4       6      512
/// physical sector  4       6      4096
/// </code>
/// </summary>
/// <param name="BlockSizeBytes">Bytes in a payload block: a power of two, 1 MiB to 256 MiB.</param>
/// <param name="IsFixed">Whether blocks are left allocated.</param>
/// <param name="HasParent">Whether the disk is a differencing one.</param>
/// <param name="VirtualSizeBytes">Size of the virtual disk.</param>
/// <param name="DiskGuid">Identity of the virtual disk.</param>
/// <param name="LogicalSectorBytes">512 or 4096.</param>
/// <param name="PhysicalSectorBytes">512 or 4096.</param>
internal readonly record struct VhdxMetadata(
    uint BlockSizeBytes,
    bool IsFixed,
    bool HasParent,
    ulong VirtualSizeBytes,
    Guid DiskGuid,
    uint LogicalSectorBytes,
    uint PhysicalSectorBytes)
{
    /// <summary>Bytes of the table, entries included, at the start of the region.</summary>
    public const int TableSize = 64 << 10;

    /// <summary>Bytes from the start of the region to the end of our items.</summary>
    public const int Size = TableSize + ItemsLength;

    /// <summary>As many entries as the specification allows.</summary>
    public const int MaximumEntries = 2047;

    /// <summary>Largest virtual disk: 64 TiB.</summary>
    public const long MaximumVirtualSizeBytes = 64L << 40;

    /// <summary>Smallest block.</summary>
    public const int MinimumBlockSizeBytes = 1 << 20;

    /// <summary>Largest block.</summary>
    public const int MaximumBlockSizeBytes = 256 << 20;

    /// <summary>Length of the file parameters.</summary>
    public const int FileParametersLength = 8;

    /// <summary>Length of the virtual disk size.</summary>
    public const int VirtualSizeLength = 8;

    /// <summary>Length of the page 83 data.</summary>
    public const int Page83Length = 16;

    /// <summary>Length of either sector size.</summary>
    public const int SectorSizeLength = 4;

    private const int EntryCountOffset = 10;
    private const int EntriesOffset = 32;
    private const int FlagsOffset = 4;
    private const uint LeaveBlocksAllocatedFlag = 1;
    private const uint HasParentFlag = 2;
    private const int ItemsLength = FileParametersLength + VirtualSizeLength + Page83Length + (2 * SectorSizeLength);

    /// <summary>The file parameters item.</summary>
    public static Guid FileParametersItem { get; } = new("caa16737-fa36-4d43-b3b6-33f0aa44e76b");

    /// <summary>The virtual disk size item.</summary>
    public static Guid VirtualSizeItem { get; } = new("2fa54224-cd1b-4876-b211-5dbed83bf4b8");

    /// <summary>The page 83 data item: the disk's identity.</summary>
    public static Guid Page83Item { get; } = new("beca12ab-b2e6-4523-93ef-c309e000c746");

    /// <summary>The logical sector size item.</summary>
    public static Guid LogicalSectorItem { get; } = new("8141bf1d-a96f-4709-ba47-f233a8faab5f");

    /// <summary>The physical sector size item.</summary>
    public static Guid PhysicalSectorItem { get; } = new("cda348c7-445d-4471-9cc9-e9885251c556");

    private static ReadOnlySpan<byte> Signature => "metadata"u8;

    /// <summary>Reads the entries of a table, or null when signature or count are wrong.</summary>
    /// <param name="source">The first <see cref="TableSize"/> bytes of the region.</param>
    public static VhdxMetadataEntry[]? ReadTable(ReadOnlySpan<byte> source)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(source[EntryCountOffset..]);
        if (!source.StartsWith(Signature) || count > MaximumEntries)
        {
            return null;
        }

        var entries = new VhdxMetadataEntry[count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = VhdxMetadataEntry.Read(source[(EntriesOffset + (i * VhdxMetadataEntry.Size))..]);
        }

        return entries;
    }

    /// <summary>Reads the values of the five items, each at its full length.</summary>
    public static VhdxMetadata Read(
        ReadOnlySpan<byte> fileParameters,
        ReadOnlySpan<byte> virtualSize,
        ReadOnlySpan<byte> page83,
        ReadOnlySpan<byte> logicalSector,
        ReadOnlySpan<byte> physicalSector)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(fileParameters[FlagsOffset..]);
        return new(
            BinaryPrimitives.ReadUInt32LittleEndian(fileParameters),
            (flags & LeaveBlocksAllocatedFlag) != 0,
            (flags & HasParentFlag) != 0,
            BinaryPrimitives.ReadUInt64LittleEndian(virtualSize),
            new Guid(page83[..Page83Length]),
            BinaryPrimitives.ReadUInt32LittleEndian(logicalSector),
            BinaryPrimitives.ReadUInt32LittleEndian(physicalSector));
    }

    /// <summary>Writes table and items over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Signature.CopyTo(destination);
        const uint required = VhdxMetadataEntry.RequiredFlag;
        const uint ofDisk = VhdxMetadataEntry.RequiredFlag | VhdxMetadataEntry.VirtualDiskFlag;
        ReadOnlySpan<(Guid Item, int Length, uint Flags)> items =
        [
            (FileParametersItem, FileParametersLength, required),
            (VirtualSizeItem, VirtualSizeLength, ofDisk),
            (Page83Item, Page83Length, ofDisk),
            (LogicalSectorItem, SectorSizeLength, ofDisk),
            (PhysicalSectorItem, SectorSizeLength, ofDisk),
        ];
        BinaryPrimitives.WriteUInt16LittleEndian(destination[EntryCountOffset..], (ushort)items.Length);
        var offset = TableSize;
        for (var i = 0; i < items.Length; i++)
        {
            new VhdxMetadataEntry(items[i].Item, (uint)offset, (uint)items[i].Length, items[i].Flags)
                .Write(destination[(EntriesOffset + (i * VhdxMetadataEntry.Size))..]);
            offset += items[i].Length;
        }

        WriteItems(destination[TableSize..]);
    }

    private void WriteItems(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, BlockSizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(
            destination[FlagsOffset..], (IsFixed ? LeaveBlocksAllocatedFlag : 0) | (HasParent ? HasParentFlag : 0));
        destination = destination[FileParametersLength..];
        BinaryPrimitives.WriteUInt64LittleEndian(destination, VirtualSizeBytes);
        destination = destination[VirtualSizeLength..];
        DiskGuid.TryWriteBytes(destination);
        destination = destination[Page83Length..];
        BinaryPrimitives.WriteUInt32LittleEndian(destination, LogicalSectorBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[SectorSizeLength..], PhysicalSectorBytes);
    }
}

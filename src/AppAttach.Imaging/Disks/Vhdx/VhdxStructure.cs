using System.Numerics;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// What is to be known of a VHDX file before its blocks can be read: the current header, the regions and the metadata. What the
/// specification makes a reader refuse is refused here; the rest is for the checker to find.
/// </summary>
internal sealed class VhdxStructure
{
    private static readonly Guid ParentLocatorItem = new("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");

    private VhdxStructure(VhdxHeader header, VhdxRegionTableEntry bat, VhdxRegionTableEntry metadataRegion, VhdxMetadata metadata)
    {
        Header = header;
        BatRegion = bat;
        MetadataRegion = metadataRegion;
        Metadata = metadata;
        Bat = new VhdxBatLayout((long)metadata.VirtualSizeBytes, (int)metadata.BlockSizeBytes, (int)metadata.LogicalSectorBytes);
    }

    /// <summary>The current header.</summary>
    public VhdxHeader Header { get; }

    /// <summary>The BAT region.</summary>
    public VhdxRegionTableEntry BatRegion { get; }

    /// <summary>The metadata region.</summary>
    public VhdxRegionTableEntry MetadataRegion { get; }

    /// <summary>The metadata.</summary>
    public VhdxMetadata Metadata { get; }

    /// <summary>Layout of the block allocation table.</summary>
    public VhdxBatLayout Bat { get; }

    /// <summary>Reads the structures of a file that starts with the file identifier.</summary>
    /// <exception cref="InvalidInputException">They are broken, or of a kind that is not read.</exception>
    public static VhdxStructure Read(ByteSource file)
    {
        var header = ReadCurrentHeader(file);
        var regions = ReadRegions(file);
        var bat = FindRegion(regions, VhdxRegions.BlockAllocationTable, "BAT", file.Length);
        var metadataRegion = FindRegion(regions, VhdxRegions.Metadata, "metadata", file.Length);
        var structure = new VhdxStructure(header, bat, metadataRegion, ReadMetadata(file, metadataRegion));
        if (structure.Bat.SizeBytes > bat.Length)
        {
            throw CorruptDisk.Because(
                $"The VHDX BAT needs {structure.Bat.SizeBytes} bytes for {structure.Bat.PayloadBlocks} blocks; its region has {bat.Length}.");
        }

        return structure;
    }

    private static VhdxHeader ReadCurrentHeader(ByteSource file)
    {
        VhdxHeader? current = null;
        Span<byte> bytes = new byte[VhdxHeader.Size];
        foreach (var offset in (ReadOnlySpan<int>)[VhdxRegions.FirstHeaderOffset, VhdxRegions.SecondHeaderOffset])
        {
            file.Read(offset, bytes);
            if (VhdxHeader.IsIntact(bytes) && VhdxHeader.Read(bytes) is var header
                && (current is null || header.SequenceNumber > current.Value.SequenceNumber))
            {
                current = header;
            }
        }

        if (current is not { } found)
        {
            throw CorruptDisk.Because("Neither of the two VHDX headers is intact.");
        }

        if (found.Version != VhdxHeader.CurrentVersion || found.LogVersion != 0)
        {
            throw CorruptDisk.Unsupported($"The VHDX file has version {found.Version}, log version {found.LogVersion}; only 1 and 0 are read.");
        }

        return found.LogGuid == Guid.Empty
            ? found
            : throw CorruptDisk.Unsupported(
                "The VHDX file's log is not empty: it was not closed cleanly. Attach it writable once, so that its log is replayed.");
    }

    private static VhdxRegionTableEntry[] ReadRegions(ByteSource file)
    {
        Span<byte> bytes = new byte[VhdxRegionTable.Size];
        foreach (var offset in (ReadOnlySpan<int>)[VhdxRegions.FirstRegionTableOffset, VhdxRegions.SecondRegionTableOffset])
        {
            file.Read(offset, bytes);
            if (VhdxRegionTable.IsIntact(bytes))
            {
                return VhdxRegionTable.Read(bytes);
            }
        }

        throw CorruptDisk.Because("Neither of the two VHDX region tables is intact.");
    }

    private static VhdxRegionTableEntry FindRegion(VhdxRegionTableEntry[] regions, Guid id, string name, long fileLength)
    {
        VhdxRegionTableEntry? found = null;
        foreach (var region in regions)
        {
            if (region.Region == id)
            {
                found = found is null ? region : throw CorruptDisk.Because($"The VHDX region table names its {name} region twice.");
            }
            else if (region.IsRequired && region.Region != VhdxRegions.BlockAllocationTable && region.Region != VhdxRegions.Metadata)
            {
                throw CorruptDisk.Unsupported($"The VHDX file requires the region {region.Region}, which is not known here.");
            }
        }

        if (found is not { } entry)
        {
            throw CorruptDisk.Because($"The VHDX file has no {name} region.");
        }

        return entry.FileOffset >= VhdxRegions.HeaderSectionLength && entry.FileOffset <= (ulong)fileLength
            && entry.Length <= (ulong)fileLength - entry.FileOffset
            ? entry
            : throw CorruptDisk.Because(
                $"The VHDX {name} region of {entry.Length} bytes at {entry.FileOffset} does not lie in the file of {fileLength} bytes.");
    }

    private static VhdxMetadata ReadMetadata(ByteSource file, VhdxRegionTableEntry region)
    {
        if (region.Length < VhdxMetadata.TableSize)
        {
            throw CorruptDisk.Because($"The VHDX metadata region has {region.Length} bytes; its table alone needs {VhdxMetadata.TableSize}.");
        }

        Span<byte> table = new byte[VhdxMetadata.TableSize];
        file.Read((long)region.FileOffset, table);
        var entries = VhdxMetadata.ReadTable(table) ?? throw CorruptDisk.Because("The VHDX metadata table is broken.");
        RefuseUnknownItems(entries);
        byte[] Item(Guid id, int length, string name) => ReadItem(file, region, entries, id, length, name);
        var metadata = VhdxMetadata.Read(
            Item(VhdxMetadata.FileParametersItem, VhdxMetadata.FileParametersLength, "file parameters"),
            Item(VhdxMetadata.VirtualSizeItem, VhdxMetadata.VirtualSizeLength, "virtual disk size"),
            Item(VhdxMetadata.Page83Item, VhdxMetadata.Page83Length, "page 83 data"),
            Item(VhdxMetadata.LogicalSectorItem, VhdxMetadata.SectorSizeLength, "logical sector size"),
            Item(VhdxMetadata.PhysicalSectorItem, VhdxMetadata.SectorSizeLength, "physical sector size"));
        RequireValid(metadata);
        return metadata;
    }

    private static void RefuseUnknownItems(VhdxMetadataEntry[] entries)
    {
        ReadOnlySpan<Guid> known =
        [
            VhdxMetadata.FileParametersItem,
            VhdxMetadata.VirtualSizeItem,
            VhdxMetadata.Page83Item,
            VhdxMetadata.LogicalSectorItem,
            VhdxMetadata.PhysicalSectorItem,
        ];
        foreach (var entry in entries)
        {
            if (entry.Item == ParentLocatorItem)
            {
                throw CorruptDisk.Unsupported("The VHDX file is a differencing disk: it can be read only together with its parent.");
            }

            if ((entry.Flags & VhdxMetadataEntry.RequiredFlag) != 0 && !known.Contains(entry.Item))
            {
                throw CorruptDisk.Unsupported($"The VHDX file requires the metadata item {entry.Item}, which is not known here.");
            }
        }
    }

    private static byte[] ReadItem(
        ByteSource file, VhdxRegionTableEntry region, VhdxMetadataEntry[] entries, Guid id, int length, string name)
    {
        var index = Array.FindIndex(entries, entry => entry.Item == id);
        if (index < 0)
        {
            throw CorruptDisk.Because($"The VHDX metadata lack the {name}.");
        }

        var entry = entries[index];
        if (entry.Length != length || entry.Offset < VhdxMetadata.TableSize || entry.Offset > region.Length - (uint)length)
        {
            throw CorruptDisk.Because(
                $"The VHDX {name} have {entry.Length} bytes at {entry.Offset} of the metadata region; {length} behind the table are due.");
        }

        var bytes = new byte[length];
        file.Read((long)region.FileOffset + entry.Offset, bytes);
        return bytes;
    }

    private static void RequireValid(VhdxMetadata metadata)
    {
        if (metadata.HasParent)
        {
            throw CorruptDisk.Unsupported("The VHDX file is a differencing disk: it can be read only together with its parent.");
        }

        if (metadata.BlockSizeBytes < VhdxMetadata.MinimumBlockSizeBytes || metadata.BlockSizeBytes > VhdxMetadata.MaximumBlockSizeBytes
            || !BitOperations.IsPow2(metadata.BlockSizeBytes))
        {
            throw CorruptDisk.Because($"The VHDX block size is {metadata.BlockSizeBytes} bytes; a power of two from 1 MiB to 256 MiB is due.");
        }

        if (metadata.LogicalSectorBytes is not (512 or 4096) || metadata.PhysicalSectorBytes is not (512 or 4096))
        {
            throw CorruptDisk.Because(
                $"The VHDX sectors have {metadata.LogicalSectorBytes} and {metadata.PhysicalSectorBytes} bytes; 512 or 4096 are due.");
        }

        if (metadata.VirtualSizeBytes is 0 or > (ulong)VhdxMetadata.MaximumVirtualSizeBytes
            || metadata.VirtualSizeBytes % metadata.LogicalSectorBytes != 0)
        {
            throw CorruptDisk.Because(
                $"The VHDX virtual disk has {metadata.VirtualSizeBytes} bytes; whole sectors up to 64 TiB are due.");
        }
    }
}

using System.Buffers.Binary;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// Finds the partitions of a disk: by a GUID partition table (the primary one or, when that is broken, the backup), by a master boot
/// record (its four primary entries), or none, when the volume starts with the disk.
/// </summary>
internal static class PartitionTable
{
    private const int MaximumEntries = 1024;
    private const int MaximumEntrySize = 4096;
    private const int NtfsNameOffset = 3;

    private static ReadOnlySpan<byte> NtfsName => "NTFS    "u8;

    /// <summary>Opens the first NTFS volume of a disk.</summary>
    /// <exception cref="InvalidInputException">There is none, or the partition table is broken.</exception>
    public static SourceSection OpenNtfsVolume(VirtualDisk disk) =>
        new(disk, FindNtfsVolume(disk));

    /// <summary>Finds the first NTFS volume of a disk.</summary>
    /// <exception cref="InvalidInputException">There is none, or the partition table is broken.</exception>
    public static ByteExtent FindNtfsVolume(VirtualDisk disk)
    {
        Span<byte> start = stackalloc byte[NtfsNameOffset + NtfsName.Length];
        foreach (var partition in Read(disk))
        {
            if (partition.LengthBytes >= DiskUnits.SectorSizeBytes)
            {
                disk.Read(partition.OffsetBytes, start);
                if (start.EndsWith(NtfsName))
                {
                    return partition;
                }
            }
        }

        throw CorruptDisk.Unsupported("The disk has no partition with an NTFS volume.");
    }

    /// <summary>
    /// Whether the identifiers on a disk are derived as ours are: disk and partition have UUIDs of version 8, which nobody draws at random. Damage elsewhere does not
    /// change it, and the table is there twice.
    /// </summary>
    public static bool HasDerivedIdentifiers(VirtualDisk disk)
    {
        const int derived = 8;
        var table = TryReadGpt(disk, GptHeader.PrimaryLba) ?? TryReadGpt(disk, (disk.Length / disk.SectorSizeBytes) - 1);
        return table is { Entries: [var only] } && table.Value.Header.DiskGuid.Version == derived && only.UniqueGuid.Version == derived;
    }

    /// <summary>Finds the partitions of a disk, in the table's order.</summary>
    /// <exception cref="InvalidInputException">There is no partition table, or it is broken.</exception>
    public static IReadOnlyList<ByteExtent> Read(VirtualDisk disk)
    {
        if (disk.Length < DiskUnits.SectorSizeBytes)
        {
            throw CorruptDisk.Because($"The disk has {disk.Length} bytes, less than a sector.");
        }

        Span<byte> sector = stackalloc byte[DiskUnits.SectorSizeBytes];
        disk.Read(0, sector);
        if (sector[NtfsNameOffset..].StartsWith(NtfsName))
        {
            return [new ByteExtent(0, disk.Length)];
        }

        var entries = new MbrPartitionEntry[MbrPartitionEntry.Entries];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = MbrPartitionEntry.Read(sector[(MbrPartitionEntry.FirstEntryOffset + (i * MbrPartitionEntry.Size))..]);
        }

        var hasSignature = BinaryPrimitives.ReadUInt16BigEndian(sector[MbrPartitionEntry.SignatureOffset..]) == MbrPartitionEntry.Signature;
        if (!hasSignature)
        {
            throw CorruptDisk.Unsupported("The file is no disk image that is known here: it has neither a partition table nor an NTFS volume.");
        }

        return Array.Exists(entries, entry => entry.Type == MbrPartitionEntry.ProtectiveType) ? ReadGpt(disk) : ReadMbr(disk, entries);
    }

    /// <summary>Reads a GPT header and its table.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="lba">Where the header stands.</param>
    /// <returns>The header and the table's used entries, or null when either is broken or says it stands elsewhere.</returns>
    public static (GptHeader Header, IReadOnlyList<GptEntry> Entries)? TryReadGpt(VirtualDisk disk, long lba)
    {
        var sectorSize = disk.SectorSizeBytes;
        var sectors = disk.Length / sectorSize;
        if (lba <= 0 || lba >= sectors)
        {
            return null;
        }

        Span<byte> sector = new byte[sectorSize];
        disk.Read(lba * sectorSize, sector);
        if (!GptHeader.IsIntact(sector))
        {
            return null;
        }

        var header = GptHeader.Read(sector);
        var tableLength = (long)header.EntryCount * header.EntrySize;
        if (header.OwnLba != (ulong)lba || header.EntryCount > MaximumEntries
            || header.EntrySize is < GptEntry.Size or > MaximumEntrySize || header.TableLba >= (ulong)sectors
            || tableLength > disk.Length - ((long)header.TableLba * sectorSize))
        {
            return null;
        }

        var table = new byte[tableLength];
        disk.Read((long)header.TableLba * sectorSize, table);
        if (Crc32.Append(0, table) != header.TableChecksum)
        {
            return null;
        }

        var entries = new List<GptEntry>();
        for (var offset = 0; offset < table.Length; offset += (int)header.EntrySize)
        {
            var entry = GptEntry.Read(table.AsSpan(offset));
            if (entry.Type != Guid.Empty)
            {
                entries.Add(entry);
            }
        }

        return (header, entries);
    }

    private static List<ByteExtent> ReadGpt(VirtualDisk disk)
    {
        var gpt = TryReadGpt(disk, GptHeader.PrimaryLba)
            ?? TryReadGpt(disk, (disk.Length / disk.SectorSizeBytes) - 1)
            ?? throw CorruptDisk.Because("Neither the GUID partition table nor its backup is intact.");
        var partitions = new List<ByteExtent>();
        foreach (var entry in gpt.Entries)
        {
            if (entry.FirstLba == 0 || entry.LastLba < entry.FirstLba || entry.LastLba >= (ulong)(disk.Length / disk.SectorSizeBytes))
            {
                throw CorruptDisk.Because($"A partition reaches from sector {entry.FirstLba} to {entry.LastLba}, outside the disk.");
            }

            partitions.Add(new ByteExtent(
                (long)entry.FirstLba * disk.SectorSizeBytes, (long)(entry.LastLba - entry.FirstLba + 1) * disk.SectorSizeBytes));
        }

        return partitions;
    }

    private static List<ByteExtent> ReadMbr(VirtualDisk disk, MbrPartitionEntry[] entries)
    {
        var partitions = new List<ByteExtent>();
        foreach (var entry in entries)
        {
            if (entry.Type == MbrPartitionEntry.NtfsType)
            {
                var offset = (long)entry.FirstLba * disk.SectorSizeBytes;
                var length = (long)entry.SectorCount * disk.SectorSizeBytes;
                partitions.Add(offset > 0 && length > 0 && offset + length <= disk.Length
                    ? new ByteExtent(offset, length)
                    : throw CorruptDisk.Because($"A partition of {entry.SectorCount} sectors at {entry.FirstLba} does not lie in the disk."));
            }
        }

        return partitions;
    }
}

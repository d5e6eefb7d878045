using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Checking;

/// <summary>Checks both copies of a GUID partition table against each other, and the protective MBR.</summary>
/// <param name="disk">The disk.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class PartitionChecker(VirtualDisk disk, FindingList findings)
{
    /// <summary>Makes the checks; a disk without a GUID partition table passes them.</summary>
    public void Check()
    {
        Span<byte> sector = stackalloc byte[DiskUnits.SectorSizeBytes];
        disk.Read(0, sector);
        var first = MbrPartitionEntry.Read(sector[MbrPartitionEntry.FirstEntryOffset..]);
        var sectors = disk.Length / disk.SectorSizeBytes;
        var primary = PartitionTable.TryReadGpt(disk, GptHeader.PrimaryLba);
        var backup = PartitionTable.TryReadGpt(disk, sectors - 1);
        if (first.Type != MbrPartitionEntry.ProtectiveType && primary is null && backup is null)
        {
            return;
        }

        findings.Require(
            first.Type == MbrPartitionEntry.ProtectiveType && first.FirstLba == 1 && first.SectorCount == Math.Min(sectors - 1, uint.MaxValue),
            "mbr",
            "protective MBR",
            $"Its first entry, type {first.Type:X2}, does not cover the disk from sector 1 to its end.");
        findings.Require(primary is not null, "gpt-primary", "GPT at sector 1", "Header or table are broken.");
        findings.Require(backup is not null, "gpt-backup", $"GPT at sector {sectors - 1}", "Header or table are broken.");
        if (primary is { } one && backup is { } other)
        {
            var (a, b) = (one.Header, other.Header);
            findings.Require(
                a with { OwnLba = 0, OtherLba = 0, TableLba = 0 } == b with { OwnLba = 0, OtherLba = 0, TableLba = 0 }
                && a.OtherLba == b.OwnLba && b.OtherLba == a.OwnLba && one.Entries.SequenceEqual(other.Entries),
                "gpt-disagree",
                "GPT",
                "Primary and backup do not describe the same partitions, or do not name each other.");
        }

        if ((primary ?? backup) is { } table)
        {
            CheckPartitions(table.Header, table.Entries);
        }
    }

    private void CheckPartitions(GptHeader header, IReadOnlyList<GptEntry> entries)
    {
        ulong next = header.FirstUsableLba;
        foreach (var entry in entries.OrderBy(entry => entry.FirstLba))
        {
            findings.Require(
                entry.FirstLba >= next && entry.LastLba >= entry.FirstLba && entry.LastLba <= header.LastUsableLba,
                "gpt-partition",
                $"partition {entry.UniqueGuid}",
                $"Sectors {entry.FirstLba} to {entry.LastLba} overlap another partition or the table's own sectors.");
            next = Math.Max(next, entry.LastLba == ulong.MaxValue ? entry.LastLba : entry.LastLba + 1);
        }
    }
}

using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// Checks the structures of a VHDX file that a reader can do without: the older header, the second region table, and whether anything
/// in the file overlaps anything else.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="disk">The disk in it, which could be opened.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class VhdxChecker(ByteSource file, VhdxDisk disk, FindingList findings)
{
    // The granularity of everything in a VHDX file.
    private readonly BitSet _usedMebibytes = new((file.Length / DiskUnits.MebibyteBytes) + 1);

    /// <summary>Makes the checks.</summary>
    public void Check()
    {
        _usedMebibytes.Set(0, 1);
        findings.Require(
            file.Length % DiskUnits.MebibyteBytes == 0, "vhdx-length", "VHDX file", $"Its length of {file.Length} bytes is not a multiple of 1 MiB.");
        CheckHeaders();
        CheckRegions();
        CheckBlocks();
    }

    private void CheckHeaders()
    {
        Span<byte> bytes = new byte[VhdxHeader.Size];
        foreach (var (offset, place) in (ReadOnlySpan<(int, string)>)
            [(VhdxRegions.FirstHeaderOffset, "VHDX header 1"), (VhdxRegions.SecondHeaderOffset, "VHDX header 2")])
        {
            file.Read(offset, bytes);
            findings.Require(VhdxHeader.IsIntact(bytes), "vhdx-header", place, "Its signature or checksum is wrong.");
        }

        var current = disk.Structure.Header;
        findings.Require(
            current.FileWriteGuid != Guid.Empty && current.DataWriteGuid != Guid.Empty,
            "vhdx-header",
            "VHDX current header",
            "Its write identifiers are zero.");
        Claim((long)Math.Min(current.LogOffset, long.MaxValue / 2), current.LogLength, "vhdx-log", "VHDX log");
    }

    private void CheckRegions()
    {
        var first = new byte[VhdxRegionTable.Size];
        var second = new byte[VhdxRegionTable.Size];
        file.Read(VhdxRegions.FirstRegionTableOffset, first);
        file.Read(VhdxRegions.SecondRegionTableOffset, second);
        var firstIsIntact = findings.Require(
            VhdxRegionTable.IsIntact(first), "vhdx-region-table", "VHDX region table 1", "Its signature or checksum is wrong.");
        var secondIsIntact = findings.Require(
            VhdxRegionTable.IsIntact(second), "vhdx-region-table", "VHDX region table 2", "Its signature or checksum is wrong.");
        findings.Require(
            !firstIsIntact || !secondIsIntact || first.AsSpan().SequenceEqual(second),
            "vhdx-region-table",
            "VHDX region tables",
            "The two copies differ.");

        foreach (var region in VhdxRegionTable.Read(firstIsIntact ? first : second))
        {
            Claim((long)Math.Min(region.FileOffset, long.MaxValue / 2), region.Length, "vhdx-region", $"VHDX region {region.Region}");
        }
    }

    private void CheckBlocks()
    {
        var layout = disk.Structure.Bat;
        for (long entry = 0, block = 0; entry < layout.Entries && !findings.IsFull; entry++)
        {
            var value = disk.ReadBatEntry(entry);
            if (layout.IsSectorBitmap(entry))
            {
                findings.Require(
                    value.Value == 0, "vhdx-block", $"VHDX BAT entry {entry}", "It names a sector bitmap, which only differencing disks have.");
                continue;
            }

            CheckBlock(block++, value, layout.BlockSizeBytes);
        }
    }

    private void CheckBlock(long block, VhdxBatEntry entry, int blockSizeBytes)
    {
        findings.Require(!entry.HasReservedBits, "vhdx-block", $"VHDX block {block}", "Its BAT entry has reserved bits set.");
        switch (entry.State)
        {
            case VhdxBlockState.FullyPresent:
                Claim((long)Math.Min(entry.FileOffset, long.MaxValue / 2), blockSizeBytes, "vhdx-block", $"VHDX block {block}");
                break;
            case VhdxBlockState.NotPresent or VhdxBlockState.Undefined or VhdxBlockState.Zero or VhdxBlockState.Unmapped:
                findings.Require(
                    !disk.Structure.Metadata.IsFixed, "vhdx-block", $"VHDX block {block}", "It is not in the file, which says that it has all blocks.");
                break;
            default:
                findings.Add("vhdx-block", $"VHDX block {block}", $"Its state {(int)entry.State} is not one of a fixed or dynamic disk.");
                break;
        }
    }

    private void Claim(long offset, long length, string id, string place)
    {
        if (!findings.Require(
                offset % DiskUnits.MebibyteBytes == 0 && length % DiskUnits.MebibyteBytes == 0 && offset > 0 && length > 0,
                id,
                place,
                $"{length} bytes at {offset} are not on boundaries of 1 MiB.")
            || !findings.Require(
                length <= file.Length - offset, id, place, $"{length} bytes at {offset} do not lie in the file of {file.Length} bytes."))
        {
            return;
        }

        var already = _usedMebibytes.Set(offset / DiskUnits.MebibyteBytes, length / DiskUnits.MebibyteBytes);
        findings.Require(already < 0, id, place, $"It overlaps something else in the file's MiB {already}.");
    }
}

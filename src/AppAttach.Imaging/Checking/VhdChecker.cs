using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Checking;

/// <summary>Checks of a VHD file what a reader can do without: both footers, and that nothing overlaps anything else.</summary>
/// <param name="file">The file.</param>
/// <param name="disk">The disk in it, which could be opened.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class VhdChecker(ByteSource file, VirtualDisk disk, FindingList findings)
{
    /// <summary>Makes the checks.</summary>
    public void Check()
    {
        Span<byte> footer = new byte[VhdFooter.Size];
        file.Read(file.Length - footer.Length, footer);
        findings.Require(VhdFooter.IsIntact(footer), "vhd-footer", "VHD footer", "Its cookie or checksum is wrong.");
        if (disk is not VhdDynamicDisk dynamic)
        {
            findings.Require(
                disk.Length == file.Length - VhdFooter.Size, "vhd-length", "VHD file", $"It has {file.Length} bytes for a disk of {disk.Length}.");
            return;
        }

        Span<byte> copy = new byte[VhdFooter.Size];
        file.Read(0, copy);
        findings.Require(copy.SequenceEqual(footer), "vhd-footer", "VHD footer", "The copy at the start of the file differs.");
        CheckStructures(dynamic.Structures);
        CheckBlocks(dynamic);
    }

    private void CheckStructures(IReadOnlyList<ByteExtent> structures)
    {
        for (var i = 1; i < structures.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                findings.Require(
                    !Overlap(structures[i], structures[j]),
                    "vhd-structure",
                    "VHD file",
                    $"The structures at {structures[i].OffsetBytes} and {structures[j].OffsetBytes} overlap.");
            }
        }
    }

    private void CheckBlocks(VhdDynamicDisk dynamic)
    {
        // All blocks have one length, so two of them overlap only if they start in the same or in neighbouring slots of that length.
        var starts = new Dictionary<long, long>();
        for (long block = 0; block < dynamic.Blocks && !findings.IsFull; block++)
        {
            if (dynamic.OffsetOfBlock(block) is not { } offset)
            {
                continue;
            }

            var length = dynamic.StoredBlockBytes;
            var slot = offset / length;
            var stored = new ByteExtent(offset, length);
            findings.Require(stored.EndBytes <= file.Length, "vhd-block", $"VHD block {block}", $"It stands at {offset}, not inside the file.");
            findings.Require(
                !dynamic.Structures.Any(structure => Overlap(structure, stored)),
                "vhd-block",
                $"VHD block {block}",
                $"It stands at {offset}, over a structure of the file.");
            var overlaps = (starts.TryGetValue(slot - 1, out var before) && before + length > offset)
                || (starts.TryGetValue(slot + 1, out var behind) && offset + length > behind)
                || !starts.TryAdd(slot, offset);
            if (!findings.Require(!overlaps, "vhd-block", $"VHD block {block}", $"It stands at {offset}, where another block stands."))
            {
                return;
            }
        }
    }

    private static bool Overlap(ByteExtent one, ByteExtent other) => one.OffsetBytes < other.EndBytes && other.OffsetBytes < one.EndBytes;
}

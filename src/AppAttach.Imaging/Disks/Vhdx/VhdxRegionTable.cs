using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The region table ([MS-VHDX] 2.2.3). It stands twice in a file.
/// <code>
/// off  size  field        value we write
/// 0    4     signature    "regi"
/// 4    4     checksum     CRC-32C of the 65536 bytes with this field zero
/// 8    4     entry count  2
/// 12   4     reserved     zero
/// 16   32*n  entries      see VhdxRegionTableEntry; zero after the last one
/// </code>
/// </summary>
internal static class VhdxRegionTable
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 64 << 10;

    /// <summary>As many entries as the specification allows.</summary>
    public const int MaximumEntries = 2047;

    private const int ChecksumOffset = 4;
    private const int EntryCountOffset = 8;
    private const int EntriesOffset = 16;

    private static ReadOnlySpan<byte> Signature => "regi"u8;

    /// <summary>Whether signature, checksum and entry count are right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> source) =>
        source.StartsWith(Signature)
        && BinaryPrimitives.ReadUInt32LittleEndian(source[EntryCountOffset..]) <= MaximumEntries
        && BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) == Crc32C.Compute(source[..Size], ChecksumOffset);

    /// <summary>Reads the entries of a table that is intact.</summary>
    public static VhdxRegionTableEntry[] Read(ReadOnlySpan<byte> source)
    {
        var entries = new VhdxRegionTableEntry[BinaryPrimitives.ReadUInt32LittleEndian(source[EntryCountOffset..])];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = VhdxRegionTableEntry.Read(source[(EntriesOffset + (i * VhdxRegionTableEntry.Size))..]);
        }

        return entries;
    }

    /// <summary>Writes a table over <see cref="Size"/> bytes, checksum included.</summary>
    public static void Write(Span<byte> destination, ReadOnlySpan<VhdxRegionTableEntry> entries)
    {
        destination = destination[..Size];
        destination.Clear();
        Signature.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[EntryCountOffset..], entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i].Write(destination[(EntriesOffset + (i * VhdxRegionTableEntry.Size))..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumOffset..], Crc32C.Compute(destination, ChecksumOffset));
    }
}

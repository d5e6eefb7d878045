using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Header of the entries of one index node, in INDEX_ROOT and in index buffers. Source: image-format notes 4.8.
// All offsets count from this header's own start.
//
// offset size field                     value we write, and why
//      0    4 offset of the first entry  0x10 in a root, 0x28 in a buffer (its update sequence stands between)
//      4    4 bytes used                 this header and all entries
//      8    4 bytes allocated            the same in a root, all of the block in a buffer
//     12    1 flags                      1: the entries have children
//     13    3 zero

/// <summary>Header of the entries of one index node.</summary>
/// <param name="EntriesOffset">Offset of the first entry from this header's start, in bytes.</param>
/// <param name="BytesUsed">Bytes used from this header's start, the last entry included.</param>
/// <param name="BytesAllocated">Bytes that could be used.</param>
/// <param name="HasChildren">Whether the entries have children.</param>
internal readonly record struct IndexNodeHeader(int EntriesOffset, int BytesUsed, int BytesAllocated, bool HasChildren)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 16;

    private const string Structure = "index node header";
    private const int EntriesOffsetOffset = 0;
    private const int BytesUsedOffset = 4;
    private const int BytesAllocatedOffset = 8;
    private const int FlagsOffset = 12;
    private const int ReservedOffset = 13;
    private const byte HasChildrenFlag = 1;

    /// <summary>Reads the header and checks that its entries lie inside the node.</summary>
    /// <param name="source">From this header to the end of the node.</param>
    /// <exception cref="InvalidInputException">The entries do not lie inside.</exception>
    public static IndexNodeHeader Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        var header = new IndexNodeHeader(
            BinaryPrimitives.ReadInt32LittleEndian(source[EntriesOffsetOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[BytesUsedOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[BytesAllocatedOffset..]),
            (source[FlagsOffset] & HasChildrenFlag) != 0);
        if (header.EntriesOffset < Size || header.EntriesOffset % IndexEntry.Alignment != 0
            || header.EntriesOffset > header.BytesUsed - IndexEntry.Size
            || header.BytesUsed > header.BytesAllocated || header.BytesAllocated > source.Length)
        {
            throw CorruptVolume.Because(
                Structure,
                $"puts entries at {header.EntriesOffset} to {header.BytesUsed} of {header.BytesAllocated} bytes; the node has {source.Length}");
        }

        return header;
    }

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[EntriesOffsetOffset..], EntriesOffset);
        BinaryPrimitives.WriteInt32LittleEndian(target[BytesUsedOffset..], BytesUsed);
        BinaryPrimitives.WriteInt32LittleEndian(target[BytesAllocatedOffset..], BytesAllocated);
        target[FlagsOffset] = HasChildren ? HasChildrenFlag : (byte)0;
        target[ReservedOffset..Size].Clear();
    }
}

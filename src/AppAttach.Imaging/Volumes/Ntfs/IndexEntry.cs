using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Header of an index entry. Source: image-format notes 4.8 (folders) and 4.10 (view indexes).
//
// offset size field                      value we write, and why
//      0    8 file reference             folders; in view indexes: 0 offset of the data u16, 2 its length u16, 4 zero
//      8    2 bytes of the entry         multiple of 8
//     10    2 bytes of the key           0 in the last entry
//     12    2 flags                      1 has a child, 2 the node's last entry
//     14    2 zero
//     16      key; in view indexes the data; the child's virtual cluster in the entry's last 8 bytes
//
// Every node ends in an entry without key; its child holds everything greater than the node's keys.

/// <summary>Header of an index entry.</summary>
/// <param name="Head">The file reference in folders; offset and length of the data in view indexes (<see cref="ViewHead"/>).</param>
/// <param name="LengthBytes">Bytes of the entry.</param>
/// <param name="KeyLengthBytes">Bytes of the key, 0 in the last entry.</param>
/// <param name="HasChild">Whether a child precedes it in order.</param>
/// <param name="IsLast">Whether it is the node's last.</param>
internal readonly record struct IndexEntry(ulong Head, ushort LengthBytes, ushort KeyLengthBytes, bool HasChild, bool IsLast)
{
    /// <summary>Bytes of the header: where the key stands.</summary>
    public const int Size = 16;

    /// <summary>Entries begin and end on multiples of this.</summary>
    public const int Alignment = 8;

    /// <summary>Bytes of a child's virtual cluster number.</summary>
    public const int ChildSize = sizeof(long);

    private const string Structure = "index entry";
    private const int HeadOffset = 0;
    private const int LengthOffset = 8;
    private const int KeyLengthOffset = 10;
    private const int FlagsOffset = 12;
    private const int ReservedOffset = 14;
    private const ushort HasChildFlag = 1;
    private const ushort IsLastFlag = 2;

    /// <summary>The file that an entry of a folder stands for.</summary>
    public FileReference File => FileReference.FromValue(Head);

    /// <summary>Offset of a view index entry's data from the entry's start, in bytes.</summary>
    public int DataOffset => (ushort)Head;

    /// <summary>Bytes of a view index entry's data.</summary>
    public int DataLengthBytes => (ushort)(Head >> 16);

    /// <summary>Bytes of a folder's entry for a name of some length.</summary>
    public static int SizeForName(int nameLength, bool hasChild) =>
        Align(Size + FileName.SizeWith(nameLength)) + (hasChild ? ChildSize : 0);

    /// <summary>Bytes of a node's last entry.</summary>
    public static int SizeOfLast(bool hasChild) => Size + (hasChild ? ChildSize : 0);

    /// <summary>What <see cref="Head"/> holds in a view index.</summary>
    public static ulong ViewHead(int dataOffset, int dataLengthBytes) => (ushort)dataOffset | ((ulong)(ushort)dataLengthBytes << 16);

    /// <summary>Reads the header and checks that key and child lie inside the entry, and the entry inside the node.</summary>
    /// <param name="source">From this entry to the end of the node's used part.</param>
    /// <exception cref="InvalidInputException">They do not.</exception>
    public static IndexEntry Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(source[FlagsOffset..]);
        var entry = new IndexEntry(
            BinaryPrimitives.ReadUInt64LittleEndian(source[HeadOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[LengthOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[KeyLengthOffset..]),
            (flags & HasChildFlag) != 0,
            (flags & IsLastFlag) != 0);
        var needed = Size + entry.KeyLengthBytes + (entry.HasChild ? ChildSize : 0);
        if (entry.LengthBytes < needed || entry.LengthBytes > source.Length || entry.LengthBytes % Alignment != 0)
        {
            throw CorruptVolume.Because(
                Structure,
                $"has {entry.LengthBytes} bytes for a key of {entry.KeyLengthBytes}; {source.Length} are left in its node");
        }

        return entry;
    }

    /// <summary>The key's bytes.</summary>
    /// <param name="source">The bytes this entry was read from.</param>
    public ReadOnlySpan<byte> Key(ReadOnlySpan<byte> source) => source.Slice(Size, KeyLengthBytes);

    /// <summary>Reads the virtual cluster number of the child of an entry that has one.</summary>
    /// <param name="source">The bytes this entry was read from.</param>
    public long ReadChild(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt64LittleEndian(source[(LengthBytes - ChildSize)..]);

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target[HeadOffset..], Head);
        BinaryPrimitives.WriteUInt16LittleEndian(target[LengthOffset..], LengthBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(target[KeyLengthOffset..], KeyLengthBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(target[FlagsOffset..], (ushort)((HasChild ? HasChildFlag : 0) | (IsLast ? IsLastFlag : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(target[ReservedOffset..], 0);
    }

    /// <summary>Writes the child's virtual cluster number into the entry's last bytes.</summary>
    public void WriteChild(Span<byte> target, long child) => BinaryPrimitives.WriteInt64LittleEndian(target[(LengthBytes - ChildSize)..], child);

    private static int Align(int value) => (value + Alignment - 1) & -Alignment;
}

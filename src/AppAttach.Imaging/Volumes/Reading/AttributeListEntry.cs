using System.Buffers.Binary;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>
/// An entry of ATTRIBUTE_LIST: where an attribute of a file with several records stands. Only read, never written by us
/// (libfsntfs documentation, "Attribute list").
/// <code>
/// off  size  field
/// 0    4     type
/// 4    2     length of the entry, multiple of 8
/// 6    1     characters of the name
/// 7    1     offset of the name
/// 8    8     lowest VCN
/// 16   8     record that holds the attribute
/// 24   2     instance
/// </code>
/// </summary>
/// <param name="Type">Type of the attribute.</param>
/// <param name="LengthBytes">Bytes of the entry.</param>
/// <param name="Name">Name of the attribute, empty for none.</param>
/// <param name="LowestVcn">First cluster of the value that this part describes.</param>
/// <param name="Record">Record that holds it.</param>
/// <param name="Instance">Its instance in that record.</param>
internal readonly record struct AttributeListEntry(
    AttributeType Type, int LengthBytes, string Name, long LowestVcn, FileReference Record, ushort Instance)
{
    /// <summary>Bytes of the fixed part that is read.</summary>
    public const int Size = 26;

    /// <summary>Longest list: what Windows allows.</summary>
    public const int MaximumListBytes = 256 << 10;

    private const int LengthOffset = 4;
    private const int NameLengthOffset = 6;
    private const int NameOffsetOffset = 7;
    private const int LowestVcnOffset = 8;
    private const int RecordOffset = 16;
    private const int InstanceOffset = 24;

    /// <summary>Reads the entry that some bytes start with.</summary>
    /// <exception cref="InvalidInputException">It is broken.</exception>
    public static AttributeListEntry Read(ReadOnlySpan<byte> source)
    {
        const string structure = "attribute list entry";
        CorruptVolume.RequireSize(source, Size, structure);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(source[LengthOffset..]);
        var nameLength = source[NameLengthOffset] * sizeof(char);
        var nameOffset = source[NameOffsetOffset];
        if (length < Size || length > source.Length || (nameLength > 0 && nameOffset + nameLength > length))
        {
            throw CorruptVolume.Because(structure, $"says {length} bytes; {source.Length} are left");
        }

        return new AttributeListEntry(
            (AttributeType)BinaryPrimitives.ReadInt32LittleEndian(source),
            length,
            nameLength == 0 ? "" : Utf16Name.Read(source.Slice(nameOffset, nameLength)),
            BinaryPrimitives.ReadInt64LittleEndian(source[LowestVcnOffset..]),
            FileReference.Read(source[RecordOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[InstanceOffset..]));
    }
}

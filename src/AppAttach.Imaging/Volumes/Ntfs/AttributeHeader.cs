using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// First part of every attribute's header. Source: image-format notes 4.4.
//
// offset size field                       value we write, and why
//      0    4 type
//      4    4 bytes of the attribute      multiple of 8
//      8    1 non-resident                0 the value is in the record, 1 it is in clusters
//      9    1 characters of the name
//     10    2 offset of the name          also where there is none, as Windows does
//     12    2 flags                       0: nothing is compressed, sparse or encrypted
//     14    2 instance                    unique in the record

/// <summary>What all attributes' headers begin with.</summary>
/// <param name="Type">Type of the attribute; unknown values are kept.</param>
/// <param name="LengthBytes">Bytes of the whole attribute, header included.</param>
/// <param name="IsNonResident">Whether the value is in clusters: a <see cref="NonResidentAttributeHeader"/> follows.</param>
/// <param name="NameLength">UTF-16 units of the name.</param>
/// <param name="NameOffset">Offset of the name from the attribute's start, in bytes.</param>
/// <param name="Flags">How the value is stored.</param>
/// <param name="Instance">Number of the attribute, unique in the record.</param>
internal readonly record struct AttributeHeader(
    AttributeType Type,
    int LengthBytes,
    bool IsNonResident,
    byte NameLength,
    ushort NameOffset,
    AttributeFlags Flags,
    ushort Instance)
{
    /// <summary>Bytes of this part.</summary>
    public const int Size = 16;

    /// <summary>Attributes begin and end on multiples of this.</summary>
    public const int Alignment = 8;

    private const string Structure = "attribute header";
    private const int TypeOffset = 0;
    private const int LengthOffset = 4;
    private const int NonResidentOffset = 8;
    private const int NameLengthOffset = 9;
    private const int NameOffsetOffset = 10;
    private const int FlagsOffset = 12;
    private const int InstanceOffset = 14;

    /// <summary>Reads the header and checks that the attribute and its name lie inside the bytes given.</summary>
    /// <param name="source">The record from this attribute up to the end of its used part.</param>
    /// <exception cref="InvalidInputException">The attribute or its name does not lie inside.</exception>
    public static AttributeHeader Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        var header = new AttributeHeader(
            (AttributeType)BinaryPrimitives.ReadInt32LittleEndian(source[TypeOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[LengthOffset..]),
            source[NonResidentOffset] != 0,
            source[NameLengthOffset],
            BinaryPrimitives.ReadUInt16LittleEndian(source[NameOffsetOffset..]),
            (AttributeFlags)BinaryPrimitives.ReadUInt16LittleEndian(source[FlagsOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[InstanceOffset..]));
        var smallest = header.IsNonResident ? NonResidentAttributeHeader.Size : ResidentAttributeHeader.Size;
        if (header.LengthBytes < smallest || header.LengthBytes > source.Length || header.LengthBytes % Alignment != 0)
        {
            throw CorruptVolume.Because(
                Structure,
                $"of type {(uint)header.Type:X} says {header.LengthBytes} bytes; {source.Length} are left in its record");
        }

        if (header.NameLength != 0
            && (header.NameOffset < Size || header.NameOffset + (header.NameLength * sizeof(char)) > header.LengthBytes))
        {
            throw CorruptVolume.Because(
                Structure,
                $"of type {(uint)header.Type:X} puts its name of {header.NameLength} characters at {header.NameOffset} of {header.LengthBytes} bytes");
        }

        return header;
    }

    /// <summary>Reads the attribute's name; empty for an unnamed one.</summary>
    /// <param name="attribute">The attribute this header was read from.</param>
    public string ReadName(ReadOnlySpan<byte> attribute) => NameLength == 0
        ? string.Empty
        : Utf16Name.Read(attribute.Slice(NameOffset, NameLength * sizeof(char)));

    /// <summary>Writes this part of the header.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[TypeOffset..], (int)Type);
        BinaryPrimitives.WriteInt32LittleEndian(target[LengthOffset..], LengthBytes);
        target[NonResidentOffset] = IsNonResident ? (byte)1 : (byte)0;
        target[NameLengthOffset] = NameLength;
        BinaryPrimitives.WriteUInt16LittleEndian(target[NameOffsetOffset..], NameOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(target[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(target[InstanceOffset..], Instance);
    }
}

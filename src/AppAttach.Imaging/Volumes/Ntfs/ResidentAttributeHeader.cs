using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Rest of the header of an attribute whose value is in the record. Source: image-format notes 4.4.
//
// offset size field                       value we write, and why
//      0   16 AttributeHeader
//     16    4 bytes of the value
//     20    2 offset of the value         after the name, multiple of 8
//     22    1 indexed                     1 on FILE_NAME: folders hold a copy of it
//     23    1 zero
//     24      name, then value

/// <summary>The part of a resident attribute's header that follows <see cref="AttributeHeader"/>.</summary>
/// <param name="ValueLengthBytes">Bytes of the value.</param>
/// <param name="ValueOffset">Offset of the value from the attribute's start, in bytes.</param>
/// <param name="IsIndexed">Whether an index holds a copy of the value.</param>
internal readonly record struct ResidentAttributeHeader(int ValueLengthBytes, ushort ValueOffset, bool IsIndexed)
{
    /// <summary>Bytes of the whole header, <see cref="AttributeHeader"/> included.</summary>
    public const int Size = 24;

    private const string Structure = "resident attribute header";
    private const int ValueLengthOffset = 16;
    private const int ValueOffsetOffset = 20;
    private const int IndexedOffset = 22;
    private const int ReservedOffset = 23;

    /// <summary>Bytes of an attribute with a name and a value of some length.</summary>
    public static int AttributeSize(int nameLength, int valueLengthBytes) =>
        Align(ValueOffsetFor(nameLength) + valueLengthBytes);

    /// <summary>Where the value stands behind a name of some length.</summary>
    public static int ValueOffsetFor(int nameLength) => Align(Size + (nameLength * sizeof(char)));

    /// <summary>Reads this part and checks that the value lies inside the attribute.</summary>
    /// <param name="attribute">Exactly the attribute's bytes, as many as <see cref="AttributeHeader.LengthBytes"/> says.</param>
    /// <exception cref="InvalidInputException">The value does not lie inside.</exception>
    public static ResidentAttributeHeader Read(ReadOnlySpan<byte> attribute)
    {
        CorruptVolume.RequireSize(attribute, Size, Structure);
        var header = new ResidentAttributeHeader(
            BinaryPrimitives.ReadInt32LittleEndian(attribute[ValueLengthOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(attribute[ValueOffsetOffset..]),
            attribute[IndexedOffset] != 0);
        if (header.ValueLengthBytes < 0 || header.ValueOffset < Size
            || header.ValueLengthBytes > attribute.Length - header.ValueOffset)
        {
            throw CorruptVolume.Because(
                Structure,
                $"puts a value of {header.ValueLengthBytes} bytes at {header.ValueOffset} of an attribute of {attribute.Length}");
        }

        return header;
    }

    /// <summary>The value's bytes.</summary>
    /// <param name="attribute">The attribute this header was read from.</param>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> attribute) => attribute.Slice(ValueOffset, ValueLengthBytes);

    /// <summary>Writes this part; the first is <see cref="AttributeHeader"/>'s.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[ValueLengthOffset..], ValueLengthBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(target[ValueOffsetOffset..], ValueOffset);
        target[IndexedOffset] = IsIndexed ? (byte)1 : (byte)0;
        target[ReservedOffset] = 0;
    }

    private static int Align(int value) => (value + AttributeHeader.Alignment - 1) & -AttributeHeader.Alignment;
}

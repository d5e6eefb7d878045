using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Rest of the header of an attribute whose value is in clusters. Source: image-format notes 4.4.
//
// offset size field                            value we write, and why
//      0   16 AttributeHeader
//     16    8 lowest virtual cluster           0: no attribute is split
//     24    8 highest virtual cluster          clusters - 1
//     32    2 offset of the run list           after the name, multiple of 8
//     34    1 compression unit                 0; log2 of clusters in compressed and sparse attributes
//     35    5 zero
//     40    8 bytes allocated                  clusters of the run list
//     48    8 bytes of the value
//     56    8 bytes initialised                all of them
//     64    8 bytes held                       only when compressed or sparse: never written
//     64      name, then run list

/// <summary>The part of a non-resident attribute's header that follows <see cref="AttributeHeader"/>.</summary>
/// <param name="LowestVcn">First virtual cluster that this attribute's run list describes.</param>
/// <param name="HighestVcn">Last virtual cluster, -1 when there is none.</param>
/// <param name="RunlistOffset">Offset of the run list from the attribute's start, in bytes.</param>
/// <param name="CompressionUnitExponent">log2 of the clusters in a compression unit, 0 when not compressed.</param>
/// <param name="AllocatedBytes">Bytes of the clusters, holes included.</param>
/// <param name="SizeBytes">Bytes of the value.</param>
/// <param name="InitializedBytes">Bytes that hold data; what follows reads as zeros.</param>
internal readonly record struct NonResidentAttributeHeader(
    long LowestVcn,
    long HighestVcn,
    ushort RunlistOffset,
    byte CompressionUnitExponent,
    long AllocatedBytes,
    long SizeBytes,
    long InitializedBytes)
{
    /// <summary>Bytes of the whole header, <see cref="AttributeHeader"/> included.</summary>
    public const int Size = 64;

    private const string Structure = "non-resident attribute header";
    private const int LowestVcnOffset = 16;
    private const int HighestVcnOffset = 24;
    private const int RunlistOffsetOffset = 32;
    private const int CompressionUnitOffset = 34;
    private const int ReservedOffset = 35;
    private const int ReservedSize = 5;
    private const int AllocatedOffset = 40;
    private const int SizeOffset = 48;
    private const int InitializedOffset = 56;

    /// <summary>Bytes that the clusters of a compressed or sparse value take; the header of no other has them.</summary>
    /// <param name="attribute">The attribute's bytes.</param>
    /// <exception cref="InvalidInputException">The header is too short.</exception>
    public static long ReadHeldBytes(ReadOnlySpan<byte> attribute)
    {
        CorruptVolume.RequireSize(attribute, Size + sizeof(long), Structure);
        return BinaryPrimitives.ReadInt64LittleEndian(attribute[Size..]);
    }

    /// <summary>Bytes of an attribute with a name and a run list of some length.</summary>
    public static int AttributeSize(int nameLength, int runlistLengthBytes) =>
        Align(RunlistOffsetFor(nameLength) + runlistLengthBytes);

    /// <summary>Where the run list stands behind a name of some length.</summary>
    public static int RunlistOffsetFor(int nameLength) => Align(Size + (nameLength * sizeof(char)));

    /// <summary>Reads this part and checks that its numbers can be computed with.</summary>
    /// <param name="attribute">Exactly the attribute's bytes, as many as <see cref="AttributeHeader.LengthBytes"/> says.</param>
    /// <exception cref="InvalidInputException">A size is negative or larger than the space allocated, or the run list lies outside.</exception>
    public static NonResidentAttributeHeader Read(ReadOnlySpan<byte> attribute)
    {
        CorruptVolume.RequireSize(attribute, Size, Structure);
        var header = new NonResidentAttributeHeader(
            BinaryPrimitives.ReadInt64LittleEndian(attribute[LowestVcnOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(attribute[HighestVcnOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(attribute[RunlistOffsetOffset..]),
            attribute[CompressionUnitOffset],
            BinaryPrimitives.ReadInt64LittleEndian(attribute[AllocatedOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(attribute[SizeOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(attribute[InitializedOffset..]));
        if (header.LowestVcn < 0 || header.HighestVcn < header.LowestVcn - 1 || header.HighestVcn == long.MaxValue)
        {
            throw CorruptVolume.Because(Structure, $"describes clusters {header.LowestVcn} to {header.HighestVcn}");
        }

        if (header.RunlistOffset < Size || header.RunlistOffset >= attribute.Length)
        {
            throw CorruptVolume.Because(Structure, $"puts its run list at {header.RunlistOffset} of {attribute.Length} bytes");
        }

        // Sizes stand in the first part of a split attribute only.
        if (header.LowestVcn == 0
            && (header.InitializedBytes < 0 || header.InitializedBytes > header.SizeBytes || header.SizeBytes > header.AllocatedBytes))
        {
            throw CorruptVolume.Because(
                Structure,
                $"gives {header.InitializedBytes} bytes initialised of {header.SizeBytes} in {header.AllocatedBytes} allocated");
        }

        return header;
    }

    /// <summary>Writes this part; the first is <see cref="AttributeHeader"/>'s.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target[LowestVcnOffset..], LowestVcn);
        BinaryPrimitives.WriteInt64LittleEndian(target[HighestVcnOffset..], HighestVcn);
        BinaryPrimitives.WriteUInt16LittleEndian(target[RunlistOffsetOffset..], RunlistOffset);
        target[CompressionUnitOffset] = CompressionUnitExponent;
        target.Slice(ReservedOffset, ReservedSize).Clear();
        BinaryPrimitives.WriteInt64LittleEndian(target[AllocatedOffset..], AllocatedBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[SizeOffset..], SizeBytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[InitializedOffset..], InitializedBytes);
    }

    private static int Align(int value) => (value + AttributeHeader.Alignment - 1) & -AttributeHeader.Alignment;
}

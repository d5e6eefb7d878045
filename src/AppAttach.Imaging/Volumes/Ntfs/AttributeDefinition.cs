using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// One row of $AttrDef, 160 bytes. Source: image-format notes 4.13.
//
// offset size field                value we write, and why
//      0  128 name                 UTF-16, zero padded
//    128    4 type
//    132    4 display rule         0
//    136    4 collation rule       0
//    140    4 flags                0x02 indexable, 0x40 always resident, 0x80 may be non-resident
//    144    8 smallest size
//    152    8 largest size         all ones: no limit

/// <summary>One row of the table of attribute types that a volume carries.</summary>
/// <param name="Name">Name of the type, with <c>$</c> in front.</param>
/// <param name="Type">The type.</param>
/// <param name="Flags">Where its value may stand.</param>
/// <param name="MinimumBytes">Smallest value.</param>
/// <param name="MaximumBytes">Largest value; all ones for no limit.</param>
internal readonly record struct AttributeDefinition(string Name, AttributeType Type, uint Flags, ulong MinimumBytes, ulong MaximumBytes)
{
    /// <summary>Bytes of a row.</summary>
    public const int Size = 160;

    /// <summary>Bytes of $AttrDef: the rows, then an empty one.</summary>
    public const int TableSizeBytes = 16 * Size;

    private const int NameOffset = 0;
    private const int NameLength = 64;
    private const int TypeOffset = 128;
    private const int DisplayRuleOffset = 132;
    private const int FlagsOffset = 140;
    private const int MinimumOffset = 144;
    private const int MaximumOffset = 152;

    private const uint Indexable = 0x02;
    private const uint Resident = 0x40;
    private const uint NonResident = 0x80;
    private const ulong Unlimited = ulong.MaxValue;

    /// <summary>The rows of every NTFS 3.x volume.</summary>
    public static IReadOnlyList<AttributeDefinition> Table { get; } =
    [
        new("$STANDARD_INFORMATION", AttributeType.StandardInformation, Resident, 48, 72),
        new("$ATTRIBUTE_LIST", AttributeType.AttributeList, NonResident, 0, Unlimited),
        new("$FILE_NAME", AttributeType.FileName, Resident | Indexable, 68, 578),
        new("$OBJECT_ID", AttributeType.ObjectId, Resident, 0, 256),
        new("$SECURITY_DESCRIPTOR", AttributeType.SecurityDescriptor, NonResident, 0, Unlimited),
        new("$VOLUME_NAME", AttributeType.VolumeName, Resident, 2, 256),
        new("$VOLUME_INFORMATION", AttributeType.VolumeInformation, Resident, 12, 12),
        new("$DATA", AttributeType.Data, 0, 0, Unlimited),
        new("$INDEX_ROOT", AttributeType.IndexRoot, Resident, 0, Unlimited),
        new("$INDEX_ALLOCATION", AttributeType.IndexAllocation, NonResident, 0, Unlimited),
        new("$BITMAP", AttributeType.Bitmap, NonResident, 0, Unlimited),
        new("$REPARSE_POINT", AttributeType.ReparsePoint, NonResident, 0, 16384),
        new("$EA_INFORMATION", AttributeType.ExtendedAttributeInformation, Resident, 8, 8),
        new("$EA", AttributeType.ExtendedAttribute, 0, 0, 65536),
        new("$LOGGED_UTILITY_STREAM", AttributeType.LoggedUtilityStream, NonResident, 0, 65536),
    ];

    /// <summary>Reads a row.</summary>
    public static AttributeDefinition Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, "attribute definition");
        return new AttributeDefinition(
            Utf16Name.Read(source.Slice(NameOffset, NameLength * sizeof(char))).TrimEnd('\0'),
            (AttributeType)BinaryPrimitives.ReadInt32LittleEndian(source[TypeOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[FlagsOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[MinimumOffset..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[MaximumOffset..]));
    }

    /// <summary>Writes the whole table.</summary>
    /// <param name="target">At least <see cref="TableSizeBytes"/> bytes.</param>
    public static void WriteTable(Span<byte> target)
    {
        target[..TableSizeBytes].Clear();
        for (var row = 0; row < Table.Count; row++)
        {
            Table[row].Write(target[(row * Size)..]);
        }
    }

    /// <summary>Writes a row.</summary>
    public void Write(Span<byte> target)
    {
        target[NameOffset..TypeOffset].Clear();
        Utf16Name.Write(Name, target[NameOffset..]);
        BinaryPrimitives.WriteInt32LittleEndian(target[TypeOffset..], (int)Type);
        target[DisplayRuleOffset..FlagsOffset].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target[FlagsOffset..], Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(target[MinimumOffset..], MinimumBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(target[MaximumOffset..], MaximumBytes);
    }
}

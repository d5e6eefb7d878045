using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Central directory file header, the fixed part: APPNOTE.TXT 4.3.12. Name and extra field follow it.
/// <code>
/// offset size field                      what we write
///      0    4 signature                  50 4B 01 02
///      4    2 version made by            as version needed
///      6    2 version needed             20, or 45 with zip64
///      8    2 general purpose flags      bit 3 with a data descriptor, else 0
///     10    2 method                     0 stored, 8 deflated
///     12    2 time                       as given
///     14    2 date                       as given
///     16    4 CRC-32                     of the content
///     20    4 compressed size            all ones if only the zip64 extra field holds it
///     24    4 uncompressed size          the same
///     28    2 name length                bytes
///     30    2 extra field length         bytes
///     32    2 comment length             0
///     34    2 disk                       0
///     36    2 internal attributes        0
///     38    4 external attributes        0
///     42    4 local header offset        all ones if only the zip64 extra field holds it
/// </code>
/// </summary>
internal readonly record struct CentralDirectoryHeader(
    ushort VersionMadeBy,
    ushort VersionNeeded,
    GeneralPurposeFlags Flags,
    ushort Method,
    ushort Time,
    ushort Date,
    uint Crc32,
    uint CompressedSizeBytes,
    uint SizeBytes,
    ushort NameLength,
    ushort ExtraLength,
    ushort CommentLength,
    ushort Disk,
    ushort InternalAttributes,
    uint ExternalAttributes,
    uint LocalHeaderOffsetBytes)
{
    public const uint Signature = 0x02014B50;

    private const int VersionMadeByOffset = sizeof(uint);
    private const int VersionNeededOffset = VersionMadeByOffset + sizeof(ushort);
    private const int FlagsOffset = VersionNeededOffset + sizeof(ushort);
    private const int MethodOffset = FlagsOffset + sizeof(ushort);
    private const int TimeOffset = MethodOffset + sizeof(ushort);
    private const int DateOffset = TimeOffset + sizeof(ushort);
    private const int Crc32Offset = DateOffset + sizeof(ushort);
    private const int CompressedSizeOffset = Crc32Offset + sizeof(uint);
    private const int SizeOffset = CompressedSizeOffset + sizeof(uint);
    private const int NameLengthOffset = SizeOffset + sizeof(uint);
    private const int ExtraLengthOffset = NameLengthOffset + sizeof(ushort);
    private const int CommentLengthOffset = ExtraLengthOffset + sizeof(ushort);
    private const int DiskOffset = CommentLengthOffset + sizeof(ushort);
    private const int InternalAttributesOffset = DiskOffset + sizeof(ushort);
    private const int ExternalAttributesOffset = InternalAttributesOffset + sizeof(ushort);
    private const int LocalHeaderOffsetOffset = ExternalAttributesOffset + sizeof(uint);

    public const int Size = LocalHeaderOffsetOffset + sizeof(uint);

    public static bool HasSignature(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32LittleEndian(source) == Signature;

    public static CentralDirectoryHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(source[VersionMadeByOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[VersionNeededOffset..]),
        new(BinaryPrimitives.ReadUInt16LittleEndian(source[FlagsOffset..])),
        BinaryPrimitives.ReadUInt16LittleEndian(source[MethodOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[TimeOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[DateOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[Crc32Offset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[CompressedSizeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[SizeOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[NameLengthOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[ExtraLengthOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[CommentLengthOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[DiskOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[InternalAttributesOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[ExternalAttributesOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[LocalHeaderOffsetOffset..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Signature);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[VersionMadeByOffset..], VersionMadeBy);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[VersionNeededOffset..], VersionNeeded);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[FlagsOffset..], Flags.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[MethodOffset..], Method);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[TimeOffset..], Time);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[DateOffset..], Date);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[Crc32Offset..], Crc32);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CompressedSizeOffset..], CompressedSizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[SizeOffset..], SizeBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[NameLengthOffset..], NameLength);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[ExtraLengthOffset..], ExtraLength);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[CommentLengthOffset..], CommentLength);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[DiskOffset..], Disk);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[InternalAttributesOffset..], InternalAttributes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ExternalAttributesOffset..], ExternalAttributes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[LocalHeaderOffsetOffset..], LocalHeaderOffsetBytes);
    }
}

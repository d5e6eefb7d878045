using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Local file header, the fixed part: APPNOTE.TXT 4.3.7. Name and extra field follow it, then the data.
/// <code>
/// offset size field                      what we write
///      0    4 signature                  50 4B 03 04
///      4    2 version needed             20, or 45 with zip64
///      6    2 general purpose flags      bit 3 with a data descriptor, else 0
///      8    2 method                     0 stored, 8 deflated
///     10    2 time                       as given
///     12    2 date                       as given
///     14    4 CRC-32                     0 with a data descriptor
///     18    4 compressed size            0 with a data descriptor
///     22    4 uncompressed size          0 with a data descriptor
///     26    2 name length                bytes
///     28    2 extra field length         0
/// </code>
/// </summary>
internal readonly record struct LocalFileHeader(
    ushort VersionNeeded,
    GeneralPurposeFlags Flags,
    ushort Method,
    ushort Time,
    ushort Date,
    uint Crc32,
    uint CompressedSizeBytes,
    uint SizeBytes,
    ushort NameLength,
    ushort ExtraLength)
{
    public const uint Signature = 0x04034B50;

    private const int VersionNeededOffset = sizeof(uint);
    private const int FlagsOffset = VersionNeededOffset + sizeof(ushort);
    private const int MethodOffset = FlagsOffset + sizeof(ushort);
    private const int TimeOffset = MethodOffset + sizeof(ushort);
    private const int DateOffset = TimeOffset + sizeof(ushort);
    private const int Crc32Offset = DateOffset + sizeof(ushort);
    private const int CompressedSizeOffset = Crc32Offset + sizeof(uint);
    private const int SizeOffset = CompressedSizeOffset + sizeof(uint);
    private const int NameLengthOffset = SizeOffset + sizeof(uint);
    private const int ExtraLengthOffset = NameLengthOffset + sizeof(ushort);

    public const int Size = ExtraLengthOffset + sizeof(ushort);

    public static bool HasSignature(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32LittleEndian(source) == Signature;

    public static LocalFileHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(source[VersionNeededOffset..]),
        new(BinaryPrimitives.ReadUInt16LittleEndian(source[FlagsOffset..])),
        BinaryPrimitives.ReadUInt16LittleEndian(source[MethodOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[TimeOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[DateOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[Crc32Offset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[CompressedSizeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[SizeOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[NameLengthOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[ExtraLengthOffset..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Signature);
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
    }
}

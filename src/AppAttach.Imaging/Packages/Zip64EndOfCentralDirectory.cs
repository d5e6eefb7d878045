using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Zip64 end of central directory record: APPNOTE.TXT 4.3.14, without the extensible data that MSIX does not allow.
/// <code>
/// offset size field                      what we write
///      0    4 signature                  50 4B 06 06
///      4    8 size of what follows       44: no extensible data
///     12    2 version made by            45
///     14    2 version needed             45
///     16    4 number of this disk        0
///     20    4 disk of the directory      0
///     24    8 entries on this disk       count
///     32    8 entries                    count
///     40    8 size of the directory      bytes
///     48    8 offset of the directory    bytes
/// </code>
/// </summary>
internal readonly record struct Zip64EndOfCentralDirectory(
    ulong RemainingBytes,
    ushort VersionMadeBy,
    ushort VersionNeeded,
    uint Disk,
    uint DirectoryDisk,
    ulong EntriesOnDisk,
    ulong Entries,
    ulong DirectorySizeBytes,
    ulong DirectoryOffsetBytes)
{
    public const uint Signature = 0x06064B50;

    private const int RemainingBytesOffset = sizeof(uint);
    private const int VersionMadeByOffset = RemainingBytesOffset + sizeof(ulong);
    private const int VersionNeededOffset = VersionMadeByOffset + sizeof(ushort);
    private const int DiskOffset = VersionNeededOffset + sizeof(ushort);
    private const int DirectoryDiskOffset = DiskOffset + sizeof(uint);
    private const int EntriesOnDiskOffset = DirectoryDiskOffset + sizeof(uint);
    private const int EntriesOffset = EntriesOnDiskOffset + sizeof(ulong);
    private const int DirectorySizeOffset = EntriesOffset + sizeof(ulong);
    private const int DirectoryOffsetOffset = DirectorySizeOffset + sizeof(ulong);

    public const int Size = DirectoryOffsetOffset + sizeof(ulong);

    /// <summary>What <see cref="RemainingBytes"/> must be: everything after that field.</summary>
    public const ulong ExpectedRemainingBytes = Size - VersionMadeByOffset;

    public static bool HasSignature(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32LittleEndian(source) == Signature;

    public static Zip64EndOfCentralDirectory Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source[RemainingBytesOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[VersionMadeByOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[VersionNeededOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[DiskOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[DirectoryDiskOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[EntriesOnDiskOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[EntriesOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[DirectorySizeOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[DirectoryOffsetOffset..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Signature);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[RemainingBytesOffset..], RemainingBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[VersionMadeByOffset..], VersionMadeBy);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[VersionNeededOffset..], VersionNeeded);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DiskOffset..], Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DirectoryDiskOffset..], DirectoryDisk);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[EntriesOnDiskOffset..], EntriesOnDisk);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[EntriesOffset..], Entries);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[DirectorySizeOffset..], DirectorySizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[DirectoryOffsetOffset..], DirectoryOffsetBytes);
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// End of central directory record: APPNOTE.TXT 4.3.16. In an MSIX package it is the last 22 bytes of the file.
/// <code>
/// offset size field                      what we write
///      0    4 signature                  50 4B 05 06
///      4    2 number of this disk        0
///      6    2 disk of the directory      0
///      8    2 entries on this disk       count, all ones in zip64
///     10    2 entries                    count, all ones in zip64
///     12    4 size of the directory      bytes, all ones in zip64
///     16    4 offset of the directory    bytes, all ones in zip64
///     20    2 comment length             0, as MSIX allows no comment
/// </code>
/// </summary>
internal readonly record struct EndOfCentralDirectory(
    ushort Disk,
    ushort DirectoryDisk,
    ushort EntriesOnDisk,
    ushort Entries,
    uint DirectorySizeBytes,
    uint DirectoryOffsetBytes,
    ushort CommentLength)
{
    public const uint Signature = 0x06054B50;

    private const int DiskOffset = sizeof(uint);
    private const int DirectoryDiskOffset = DiskOffset + sizeof(ushort);
    private const int EntriesOnDiskOffset = DirectoryDiskOffset + sizeof(ushort);
    private const int EntriesOffset = EntriesOnDiskOffset + sizeof(ushort);
    private const int DirectorySizeOffset = EntriesOffset + sizeof(ushort);
    private const int DirectoryOffsetOffset = DirectorySizeOffset + sizeof(uint);
    private const int CommentLengthOffset = DirectoryOffsetOffset + sizeof(uint);

    public const int Size = CommentLengthOffset + sizeof(ushort);

    /// <summary>Whether any field says "look in the zip64 record".</summary>
    public bool NeedsZip64 =>
        Disk == ushort.MaxValue || DirectoryDisk == ushort.MaxValue || EntriesOnDisk == ushort.MaxValue ||
        Entries == ushort.MaxValue || DirectorySizeBytes == uint.MaxValue || DirectoryOffsetBytes == uint.MaxValue;

    public static bool HasSignature(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32LittleEndian(source) == Signature;

    public static EndOfCentralDirectory Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(source[DiskOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[DirectoryDiskOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[EntriesOnDiskOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[EntriesOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[DirectorySizeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[DirectoryOffsetOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[CommentLengthOffset..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Signature);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[DiskOffset..], Disk);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[DirectoryDiskOffset..], DirectoryDisk);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[EntriesOnDiskOffset..], EntriesOnDisk);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[EntriesOffset..], Entries);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DirectorySizeOffset..], DirectorySizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DirectoryOffsetOffset..], DirectoryOffsetBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[CommentLengthOffset..], CommentLength);
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Zip64 end of central directory locator: APPNOTE.TXT 4.3.15. It stands right before the end record.
/// <code>
/// offset size field                                  what we write
///      0    4 signature                              50 4B 06 07
///      4    4 disk of the zip64 end record           0
///      8    8 offset of the zip64 end record         bytes
///     16    4 number of disks                        1
/// </code>
/// </summary>
internal readonly record struct Zip64EndOfCentralDirectoryLocator(uint Disk, ulong EndRecordOffsetBytes, uint Disks)
{
    public const uint Signature = 0x07064B50;

    private const int DiskOffset = sizeof(uint);
    private const int EndRecordOffsetOffset = DiskOffset + sizeof(uint);
    private const int DisksOffset = EndRecordOffsetOffset + sizeof(ulong);

    public const int Size = DisksOffset + sizeof(uint);

    public static bool HasSignature(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32LittleEndian(source) == Signature;

    public static Zip64EndOfCentralDirectoryLocator Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(source[DiskOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[EndRecordOffsetOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[DisksOffset..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Signature);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DiskOffset..], Disk);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[EndRecordOffsetOffset..], EndRecordOffsetBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[DisksOffset..], Disks);
    }
}

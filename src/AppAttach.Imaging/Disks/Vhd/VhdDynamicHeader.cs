using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The dynamic disk header of a VHD file (Microsoft, Virtual Hard Disk Image Format Specification 1.0, "Dynamic Disk Header Format").
/// Fields are big-endian.
/// <code>
/// off  size  field                             value we write
/// 0    8     cookie                            "cxsparse"
/// 8    8     data offset                       all FF
/// 16   8     offset of the block table         1536
/// 24   4     version                           0x00010000
/// 28   4     entries of the table              one a block
/// 32   4     block size                        2 MiB
/// 36   4     checksum                          as in the footer
/// 40   984   parent                            zero
/// </code>
/// </summary>
/// <param name="TableOffset">Where the block allocation table stands.</param>
/// <param name="Version">0x00010000.</param>
/// <param name="TableEntries">Its entries.</param>
/// <param name="BlockSizeBytes">Bytes of data in a block.</param>
internal readonly record struct VhdDynamicHeader(ulong TableOffset, uint Version, uint TableEntries, uint BlockSizeBytes)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 1024;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 0x00010000;

    private const int DataOffsetOffset = 8;
    private const int TableOffsetOffset = 16;
    private const int VersionOffset = 24;
    private const int TableEntriesOffset = 28;
    private const int BlockSizeOffset = 32;
    private const int ChecksumOffset = 36;

    private const int BitsInByte = 8;

    /// <summary>Bytes of the bitmap before a block's data: a bit a sector, in whole sectors.</summary>
    public int BitmapSizeBytes =>
        (int)DiskUnits.Align(BlockSizeBytes / DiskUnits.SectorSizeBytes / BitsInByte, DiskUnits.SectorSizeBytes);

    private static ReadOnlySpan<byte> Cookie => "cxsparse"u8;

    /// <summary>Whether cookie and checksum are right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> source) =>
        source.StartsWith(Cookie) && VhdChecksum.IsRight(source[..Size], ChecksumOffset);

    /// <summary>Reads the fields, whatever the checksum says.</summary>
    public static VhdDynamicHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64BigEndian(source[TableOffsetOffset..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[VersionOffset..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[TableEntriesOffset..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[BlockSizeOffset..]));

    /// <summary>Writes the structure, with its checksum, over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Cookie.CopyTo(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[DataOffsetOffset..], ulong.MaxValue);
        BinaryPrimitives.WriteUInt64BigEndian(destination[TableOffsetOffset..], TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(destination[TableEntriesOffset..], TableEntries);
        BinaryPrimitives.WriteUInt32BigEndian(destination[BlockSizeOffset..], BlockSizeBytes);
        VhdChecksum.Write(destination, ChecksumOffset);
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The footer of a VHD file: its last 512 bytes, in dynamic files also its first (Microsoft, Virtual Hard Disk Image Format
/// Specification 1.0, "Hard Disk Footer Format"). Fields are big-endian.
/// <code>
/// off  size  field
/// 0    8     cookie "conectix"
/// 8    4     features
/// 12   4     version 0x00010000
/// 16   8     data offset: dynamic, where the dynamic header stands; fixed, all FF
/// 24   4     time stamp
/// 28   4     creator application
/// 32   4     creator version
/// 36   4     creator host
/// 40   8     original size
/// 48   8     current size: what counts, whatever the geometry says
/// 56   4     geometry
/// 60   4     type: 2 fixed, 3 dynamic, 4 differencing
/// 64   4     checksum: one's complement of the sum of all other bytes
/// 68   16    unique id
/// 84   1     saved state
/// </code>
/// </summary>
/// <param name="Version">0x00010000.</param>
/// <param name="DataOffset">Where the dynamic header stands.</param>
/// <param name="CurrentSizeBytes">Size of the virtual disk.</param>
/// <param name="DiskType">See the constants.</param>
internal readonly record struct VhdFooter(uint Version, ulong DataOffset, ulong CurrentSizeBytes, uint DiskType)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 512;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 0x00010000;

    /// <summary>Type: all of the disk is in the file.</summary>
    public const uint FixedType = 2;

    /// <summary>Type: blocks may be absent.</summary>
    public const uint DynamicType = 3;

    /// <summary>Type: blocks may be in a parent.</summary>
    public const uint DifferencingType = 4;

    private const int VersionOffset = 12;
    private const int DataOffsetOffset = 16;
    private const int CurrentSizeOffset = 48;
    private const int TypeOffset = 60;
    private const int ChecksumOffset = 64;

    private static ReadOnlySpan<byte> Cookie => "conectix"u8;

    /// <summary>Whether the bytes start as a footer does.</summary>
    public static bool IsPresent(ReadOnlySpan<byte> source) => source.StartsWith(Cookie);

    /// <summary>Whether cookie and checksum are right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> source) =>
        IsPresent(source) && VhdChecksum.IsRight(source[..Size], ChecksumOffset);

    /// <summary>Reads the fields, whatever the checksum says.</summary>
    public static VhdFooter Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32BigEndian(source[VersionOffset..]),
        BinaryPrimitives.ReadUInt64BigEndian(source[DataOffsetOffset..]),
        BinaryPrimitives.ReadUInt64BigEndian(source[CurrentSizeOffset..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[TypeOffset..]));
}

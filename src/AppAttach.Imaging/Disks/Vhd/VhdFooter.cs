using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The footer of a VHD file: its last 512 bytes, in dynamic files also its first (Microsoft, Virtual Hard Disk Image Format
/// Specification 1.0, "Hard Disk Footer Format"). Fields are big-endian.
/// <code>
/// off  size  field                value we write
/// 0    8     cookie               "conectix"
/// 8    4     features             2: a bit that is always set
/// 12   4     version              0x00010000
/// 16   8     data offset          dynamic: 512, where the dynamic header stands; fixed: all FF
/// 24   4     time stamp           seconds since 2000-01-01 00:00 UTC, from outside
/// 28   4     creator application  "win ": qemu takes the size from the geometry for some others ("vpc ", "qemu")
/// 32   4     creator version      0x000A0000
/// 36   4     creator host         "Wi2k", Windows
/// 40   8     original size        as the current size
/// 48   8     current size         size of the disk: what counts, whatever the geometry says
/// 56   4     geometry             see VhdGeometry
/// 60   4     type                 2 fixed, 3 dynamic; 4, differencing, is never written
/// 64   4     checksum             one's complement of the sum of all other bytes
/// 68   16    unique id            GUID, from outside, in big-endian order as all fields are
/// 84   1     saved state          0
/// 85   427   reserved             zero
/// </code>
/// </summary>
/// <param name="Version">0x00010000.</param>
/// <param name="DataOffset">Where the dynamic header stands.</param>
/// <param name="TimeStamp">Seconds since 2000-01-01 00:00 UTC.</param>
/// <param name="CurrentSizeBytes">Size of the virtual disk.</param>
/// <param name="Geometry">Its geometry.</param>
/// <param name="DiskType">See the constants.</param>
/// <param name="UniqueId">Identity of the disk.</param>
internal readonly record struct VhdFooter(
    uint Version, ulong DataOffset, uint TimeStamp, ulong CurrentSizeBytes, VhdGeometry Geometry, uint DiskType, Guid UniqueId)
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

    /// <summary>Data offset of a fixed disk, which has no other structure.</summary>
    public const ulong NoDataOffset = ulong.MaxValue;

    private const int FeaturesOffset = 8;
    private const int VersionOffset = 12;
    private const int DataOffsetOffset = 16;
    private const int TimeStampOffset = 24;
    private const int CreatorApplicationOffset = 28;
    private const int CreatorVersionOffset = 32;
    private const int CreatorHostOffset = 36;
    private const int OriginalSizeOffset = 40;
    private const int CurrentSizeOffset = 48;
    private const int CylindersOffset = 56;
    private const int HeadsOffset = 58;
    private const int SectorsPerTrackOffset = 59;
    private const int TypeOffset = 60;
    private const int ChecksumOffset = 64;
    private const int UniqueIdOffset = 68;
    private const int UniqueIdLength = 16;
    private const uint ReservedFeature = 2;
    private const uint CreatorVersion = 0x000A0000;

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ReadOnlySpan<byte> Cookie => "conectix"u8;

    private static ReadOnlySpan<byte> CreatorApplication => "win "u8;

    private static ReadOnlySpan<byte> CreatorHost => "Wi2k"u8;

    /// <summary>The footer of a disk that we write.</summary>
    /// <param name="diskType">See the constants.</param>
    /// <param name="dataOffset">Where the dynamic header stands, or <see cref="NoDataOffset"/>.</param>
    /// <param name="sizeBytes">Size of the virtual disk.</param>
    /// <param name="identifiers">Its identity.</param>
    public static VhdFooter Of(uint diskType, ulong dataOffset, long sizeBytes, VhdIdentifiers identifiers) => new(
        CurrentVersion, dataOffset, identifiers.TimeStamp, (ulong)sizeBytes, VhdGeometry.Of(sizeBytes), diskType, identifiers.UniqueId);

    /// <summary>A time as footers have it: whole seconds since 2000, 0 before that and the largest number after the year 2136.</summary>
    public static uint TimeStampOf(DateTimeOffset time) =>
        (uint)Math.Clamp((time - Epoch).Ticks / TimeSpan.TicksPerSecond, uint.MinValue, uint.MaxValue);

    /// <summary>Whether the bytes start as a footer does.</summary>
    public static bool IsPresent(ReadOnlySpan<byte> source) => source.StartsWith(Cookie);

    /// <summary>Whether cookie and checksum are right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> source) =>
        IsPresent(source) && VhdChecksum.IsRight(source[..Size], ChecksumOffset);

    /// <summary>Reads the fields, whatever the checksum says.</summary>
    public static VhdFooter Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32BigEndian(source[VersionOffset..]),
        BinaryPrimitives.ReadUInt64BigEndian(source[DataOffsetOffset..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[TimeStampOffset..]),
        BinaryPrimitives.ReadUInt64BigEndian(source[CurrentSizeOffset..]),
        new VhdGeometry(
            BinaryPrimitives.ReadUInt16BigEndian(source[CylindersOffset..]), source[HeadsOffset], source[SectorsPerTrackOffset]),
        BinaryPrimitives.ReadUInt32BigEndian(source[TypeOffset..]),
        new Guid(source.Slice(UniqueIdOffset, UniqueIdLength), bigEndian: true));

    /// <summary>Writes the structure, with its checksum, over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Cookie.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[FeaturesOffset..], ReservedFeature);
        BinaryPrimitives.WriteUInt32BigEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt64BigEndian(destination[DataOffsetOffset..], DataOffset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[TimeStampOffset..], TimeStamp);
        CreatorApplication.CopyTo(destination[CreatorApplicationOffset..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[CreatorVersionOffset..], CreatorVersion);
        CreatorHost.CopyTo(destination[CreatorHostOffset..]);
        BinaryPrimitives.WriteUInt64BigEndian(destination[OriginalSizeOffset..], CurrentSizeBytes);
        BinaryPrimitives.WriteUInt64BigEndian(destination[CurrentSizeOffset..], CurrentSizeBytes);
        BinaryPrimitives.WriteUInt16BigEndian(destination[CylindersOffset..], Geometry.Cylinders);
        destination[HeadsOffset] = Geometry.Heads;
        destination[SectorsPerTrackOffset] = Geometry.SectorsPerTrack;
        BinaryPrimitives.WriteUInt32BigEndian(destination[TypeOffset..], DiskType);
        UniqueId.TryWriteBytes(destination[UniqueIdOffset..], bigEndian: true, out _);
        VhdChecksum.Write(destination, ChecksumOffset);
    }
}

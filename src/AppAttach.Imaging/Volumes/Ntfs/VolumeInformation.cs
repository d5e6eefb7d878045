using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS VOLUME_INFORMATION, in $Volume. Source: image-format notes 4.9.
//
// offset size field            value we write, and why
//      0    8 zero
//      8    1 major version    3
//      9    1 minor version    1: NTFS 3.1, what every Windows since XP writes
//     10    2 flags            0: clean

/// <summary>Version and state of a volume.</summary>
/// <param name="MajorVersion">Major version.</param>
/// <param name="MinorVersion">Minor version.</param>
/// <param name="Flags">State; bit 0 says dirty.</param>
internal readonly record struct VolumeInformation(byte MajorVersion, byte MinorVersion, ushort Flags)
{
    /// <summary>Bytes on disk.</summary>
    public const int Size = 12;

    /// <summary>The bit of <see cref="Flags"/> that says the volume was not dismounted cleanly.</summary>
    public const ushort DirtyFlag = 1;

    private const int ReservedOffset = 0;
    private const int MajorVersionOffset = 8;
    private const int MinorVersionOffset = 9;
    private const int FlagsOffset = 10;

    /// <summary>What a clean NTFS 3.1 volume says.</summary>
    public static VolumeInformation Clean { get; } = new(3, 1, 0);

    /// <summary>Reads the structure.</summary>
    public static VolumeInformation Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, "volume information");
        return new VolumeInformation(
            source[MajorVersionOffset],
            source[MinorVersionOffset],
            BinaryPrimitives.ReadUInt16LittleEndian(source[FlagsOffset..]));
    }

    /// <summary>Writes the structure.</summary>
    public void Write(Span<byte> target)
    {
        target[ReservedOffset..MajorVersionOffset].Clear();
        target[MajorVersionOffset] = MajorVersion;
        target[MinorVersionOffset] = MinorVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(target[FlagsOffset..], Flags);
    }
}

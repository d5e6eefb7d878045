using System.Buffers.Binary;
using System.Numerics;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS boot sector, first sector of the partition, copied to its last one.
// Sources: image-format notes 4.2; libfsntfs documentation, "The volume header".
//
// offset size field                                   value we write, and why
//      0    3 jump                                    EB 52 90; there is no boot code behind it, data volumes never run it
//      3    8 "NTFS    "
//     11    2 bytes per sector                        512
//     13    1 sectors per cluster                     8; values above 128 mean 2^(256 - value)
//     14    7 zero
//     21    1 media descriptor                        F8, fixed disk
//     24    2 sectors per track                       63, by custom
//     26    2 heads                                   255, by custom
//     28    4 hidden sectors                          first sector of the partition on the disk
//     36    4                                         80 00 80 00, by custom
//     40    8 number of sectors                       those of the partition less one: the last holds the copy
//     48    8 cluster of $MFT
//     56    8 cluster of $MFTMirr
//     64    1 clusters per file record                F6: negative means 2^-value bytes, 1024
//     68    1 clusters per index block                1
//     72    8 serial number                           not zero
//     80    4 checksum                                0, unused
//    510    2 55 AA                                   several readers refuse the volume without it

/// <summary>The boot sector of an NTFS volume.</summary>
/// <param name="SectorsPerCluster">Sectors of 512 bytes in a cluster, a power of two from 1 to 128.</param>
/// <param name="HiddenSectors">Sectors of the disk before the partition.</param>
/// <param name="SectorCount">Sectors of the volume: one less than the partition has.</param>
/// <param name="MftCluster">Cluster where $MFT starts.</param>
/// <param name="MftMirrorCluster">Cluster where $MFTMirr starts.</param>
/// <param name="FileRecordSizeBytes">Bytes of a file record, a power of two from 512 to 4096.</param>
/// <param name="IndexBlockSizeBytes">Bytes of an index block, a power of two from 512 to 65536.</param>
/// <param name="SerialNumber">The volume's serial number.</param>
internal readonly record struct BootSector(
    int SectorsPerCluster,
    uint HiddenSectors,
    long SectorCount,
    long MftCluster,
    long MftMirrorCluster,
    int FileRecordSizeBytes,
    int IndexBlockSizeBytes,
    ulong SerialNumber)
{
    /// <summary>Bytes of the structure.</summary>
    public const int Size = SectorSizeBytes;

    /// <summary>Bytes of a sector; the only size written or read.</summary>
    public const int SectorSizeBytes = 512;

    private const string Structure = "boot sector";
    private const int JumpOffset = 0;
    private const int NameOffset = 3;
    private const int BytesPerSectorOffset = 11;
    private const int SectorsPerClusterOffset = 13;
    private const int MediaDescriptorOffset = 21;
    private const int SectorsPerTrackOffset = 24;
    private const int HeadsOffset = 26;
    private const int HiddenSectorsOffset = 28;
    private const int DriveOffset = 36;
    private const int SectorCountOffset = 40;
    private const int MftClusterOffset = 48;
    private const int MftMirrorClusterOffset = 56;
    private const int FileRecordSizeOffset = 64;
    private const int IndexBlockSizeOffset = 68;
    private const int SerialNumberOffset = 72;
    private const int EndMarkOffset = 510;

    private const byte MediaDescriptor = 0xF8;
    private const ushort SectorsPerTrack = 63;
    private const ushort Heads = 255;
    private const uint Drive = 0x0080_0080;
    private const ushort EndMark = 0xAA55;
    private const int LargestPlainSectorsPerCluster = 128;
    private const int MaximumFileRecordSizeBytes = 4096;
    private const int MaximumIndexBlockSizeBytes = 65536;

    private static ReadOnlySpan<byte> Jump => [0xEB, 0x52, 0x90];

    private static ReadOnlySpan<byte> Name => "NTFS    "u8;

    /// <summary>Bytes of a cluster.</summary>
    public int ClusterSizeBytes => SectorsPerCluster * SectorSizeBytes;

    /// <summary>Whole clusters of the volume.</summary>
    public long ClusterCount => SectorCount / SectorsPerCluster;

    /// <summary>Reads a boot sector and checks that its geometry can be computed with.</summary>
    /// <exception cref="InvalidInputException">It is no NTFS boot sector, or a size or place in it is impossible.</exception>
    public static BootSector Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        if (!source.Slice(NameOffset, Name.Length).SequenceEqual(Name))
        {
            throw CorruptVolume.Because(Structure, "does not carry the name NTFS");
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(source[EndMarkOffset..]) != EndMark)
        {
            throw CorruptVolume.Because(Structure, "does not end in 55 AA");
        }

        var bytesPerSector = BinaryPrimitives.ReadUInt16LittleEndian(source[BytesPerSectorOffset..]);
        if (bytesPerSector != SectorSizeBytes)
        {
            throw bytesPerSector is 1024 or 2048 or 4096
                ? new InvalidInputException(
                    Defect.ImageUnsupported, $"The NTFS volume has sectors of {bytesPerSector} bytes; only {SectorSizeBytes} can be read.")
                : CorruptVolume.Because(Structure, $"gives sectors of {bytesPerSector} bytes");
        }

        var sectorsPerCluster = ReadSectorsPerCluster(source[SectorsPerClusterOffset]);
        var clusterSizeBytes = sectorsPerCluster * SectorSizeBytes;
        var boot = new BootSector(
            sectorsPerCluster,
            BinaryPrimitives.ReadUInt32LittleEndian(source[HiddenSectorsOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[SectorCountOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[MftClusterOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[MftMirrorClusterOffset..]),
            ReadRecordSize((sbyte)source[FileRecordSizeOffset], clusterSizeBytes, MaximumFileRecordSizeBytes, "file record"),
            ReadRecordSize((sbyte)source[IndexBlockSizeOffset], clusterSizeBytes, MaximumIndexBlockSizeBytes, "index block"),
            BinaryPrimitives.ReadUInt64LittleEndian(source[SerialNumberOffset..]));
        boot.RequirePlaces();
        return boot;
    }

    /// <summary>Writes all 512 bytes.</summary>
    public void Write(Span<byte> target)
    {
        target = target[..Size];
        target.Clear();
        Jump.CopyTo(target[JumpOffset..]);
        Name.CopyTo(target[NameOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[BytesPerSectorOffset..], SectorSizeBytes);
        target[SectorsPerClusterOffset] = (byte)SectorsPerCluster;
        target[MediaDescriptorOffset] = MediaDescriptor;
        BinaryPrimitives.WriteUInt16LittleEndian(target[SectorsPerTrackOffset..], SectorsPerTrack);
        BinaryPrimitives.WriteUInt16LittleEndian(target[HeadsOffset..], Heads);
        BinaryPrimitives.WriteUInt32LittleEndian(target[HiddenSectorsOffset..], HiddenSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(target[DriveOffset..], Drive);
        BinaryPrimitives.WriteInt64LittleEndian(target[SectorCountOffset..], SectorCount);
        BinaryPrimitives.WriteInt64LittleEndian(target[MftClusterOffset..], MftCluster);
        BinaryPrimitives.WriteInt64LittleEndian(target[MftMirrorClusterOffset..], MftMirrorCluster);
        target[FileRecordSizeOffset] = EncodeRecordSize(FileRecordSizeBytes);
        target[IndexBlockSizeOffset] = EncodeRecordSize(IndexBlockSizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(target[SerialNumberOffset..], SerialNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(target[EndMarkOffset..], EndMark);
    }

    private static int ReadSectorsPerCluster(byte value)
    {
        // 2 MiB is the largest cluster Windows knows: 2^12 sectors.
        const int maximumExponent = 12;
        if (value <= LargestPlainSectorsPerCluster)
        {
            return BitOperations.IsPow2((int)value)
                ? value
                : throw CorruptVolume.Because(Structure, $"gives {value} sectors per cluster, which is not a power of two");
        }

        var exponent = 256 - value;
        return exponent <= maximumExponent
            ? 1 << exponent
            : throw CorruptVolume.Because(Structure, $"gives clusters of 2^{exponent} sectors; 2^{maximumExponent} is the limit");
    }

    private static int ReadRecordSize(sbyte value, int clusterSizeBytes, int maximumSizeBytes, string record)
    {
        var sizeBytes = value < 0 ? (value < -30 ? 0 : 1L << -value) : (long)value * clusterSizeBytes;
        return sizeBytes >= SectorSizeBytes && sizeBytes <= maximumSizeBytes && BitOperations.IsPow2(sizeBytes)
            ? (int)sizeBytes
            : throw CorruptVolume.Because(
                Structure,
                $"gives {sizeBytes} bytes for a {record}; a power of two from {SectorSizeBytes} to {maximumSizeBytes} is possible");
    }

    private void RequirePlaces()
    {
        if (SectorCount <= 0 || ClusterCount == 0)
        {
            throw CorruptVolume.Because(Structure, $"gives a volume of {SectorCount} sectors");
        }

        if (MftCluster <= 0 || MftCluster >= ClusterCount || MftMirrorCluster <= 0 || MftMirrorCluster >= ClusterCount)
        {
            throw CorruptVolume.Because(
                Structure,
                $"puts $MFT at cluster {MftCluster} and $MFTMirr at {MftMirrorCluster}; the volume has {ClusterCount} clusters");
        }
    }

    private byte EncodeRecordSize(int sizeBytes) => sizeBytes >= ClusterSizeBytes
        ? (byte)(sizeBytes / ClusterSizeBytes)
        : (byte)-BitOperations.Log2((uint)sizeBytes);
}

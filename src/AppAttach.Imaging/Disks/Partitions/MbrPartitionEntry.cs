using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// One of the four partition entries of a master boot record (UEFI specification, 5.2.1).
/// <code>
/// off  size  field         value we write
/// 0    1     status        0
/// 1    3     first CHS     see ProtectiveMbr
/// 4    1     type          EE
/// 5    3     last CHS      see ProtectiveMbr
/// 8    4     first LBA
/// 12   4     sector count
/// </code>
/// </summary>
/// <param name="Type">Type of the partition; 0 for none.</param>
/// <param name="FirstLba">First sector.</param>
/// <param name="SectorCount">Number of sectors.</param>
internal readonly record struct MbrPartitionEntry(byte Type, uint FirstLba, uint SectorCount)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 16;

    /// <summary>Where the first entry stands in the sector.</summary>
    public const int FirstEntryOffset = 446;

    /// <summary>Entries in the sector.</summary>
    public const int Entries = 4;

    /// <summary>Where the signature stands in the sector.</summary>
    public const int SignatureOffset = 510;

    /// <summary>The signature, as two bytes in this order.</summary>
    public const ushort Signature = 0x55AA;

    /// <summary>Type of the entry that protects a GPT disk.</summary>
    public const byte ProtectiveType = 0xEE;

    /// <summary>Type of an NTFS partition (also HPFS and exFAT).</summary>
    public const byte NtfsType = 0x07;

    private const int TypeOffset = 4;
    private const int FirstLbaOffset = 8;
    private const int SectorCountOffset = 12;

    /// <summary>Reads an entry.</summary>
    public static MbrPartitionEntry Read(ReadOnlySpan<byte> source) => new(
        source[TypeOffset],
        BinaryPrimitives.ReadUInt32LittleEndian(source[FirstLbaOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[SectorCountOffset..]));

    /// <summary>Writes the entry over <see cref="Size"/> bytes.</summary>
    /// <param name="destination">Where.</param>
    /// <param name="firstChs">Cylinder, head and sector of the first sector: its three bytes as they stand, the first one highest.</param>
    /// <param name="lastChs">The same of the last sector.</param>
    public void Write(Span<byte> destination, uint firstChs, uint lastChs)
    {
        // Status and first CHS, type and last CHS are four bytes each.
        BinaryPrimitives.WriteUInt32BigEndian(destination, firstChs);
        BinaryPrimitives.WriteUInt32BigEndian(destination[TypeOffset..], ((uint)Type << 24) | lastChs);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[FirstLbaOffset..], FirstLba);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[SectorCountOffset..], SectorCount);
    }
}

using System.Buffers.Binary;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The header of a GUID partition table (UEFI specification, 5.3.2). It stands in LBA 1 and, with the two LBAs swapped and another table
/// LBA, in the last sector.
/// <code>
/// off  size  field             value we write
/// 0    8     signature         "EFI PART"
/// 8    4     revision          0x00010000
/// 12   4     header size       92
/// 16   4     header CRC-32     over the 92 bytes with this field zero
/// 20   4     reserved          zero
/// 24   8     own LBA           1, or the last sector
/// 32   8     other LBA         the last sector, or 1
/// 40   8     first usable LBA  34
/// 48   8     last usable LBA   sectors - 34
/// 56   16    disk GUID         from outside
/// 72   8     table LBA         2, or sectors - 33
/// 80   4     entries           128
/// 84   4     entry size        128
/// 88   4     table CRC-32      over all entries
/// </code>
/// </summary>
/// <param name="OwnLba">Sector of this header.</param>
/// <param name="OtherLba">Sector of the other one.</param>
/// <param name="FirstUsableLba">First sector that partitions may use.</param>
/// <param name="LastUsableLba">Last sector that partitions may use.</param>
/// <param name="DiskGuid">Identity of the disk.</param>
/// <param name="TableLba">First sector of the entries.</param>
/// <param name="EntryCount">Number of entries.</param>
/// <param name="EntrySize">Bytes in an entry.</param>
/// <param name="TableChecksum">CRC-32 of the entries.</param>
internal readonly record struct GptHeader(
    ulong OwnLba,
    ulong OtherLba,
    ulong FirstUsableLba,
    ulong LastUsableLba,
    Guid DiskGuid,
    ulong TableLba,
    uint EntryCount,
    uint EntrySize,
    uint TableChecksum)
{
    /// <summary>Bytes in the structure; the rest of its sector is zero.</summary>
    public const int Size = 92;

    /// <summary>Where the header stands.</summary>
    public const long PrimaryLba = 1;

    private const int RevisionOffset = 8;
    private const int HeaderSizeOffset = 12;
    private const int ChecksumOffset = 16;
    private const int OwnLbaOffset = 24;
    private const int OtherLbaOffset = 32;
    private const int FirstUsableLbaOffset = 40;
    private const int LastUsableLbaOffset = 48;
    private const int DiskGuidOffset = 56;
    private const int TableLbaOffset = 72;
    private const int EntryCountOffset = 80;
    private const int EntrySizeOffset = 84;
    private const int TableChecksumOffset = 88;
    private const uint Revision = 0x00010000;

    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>Whether signature, revision, size and checksum are right.</summary>
    /// <param name="sector">The whole sector.</param>
    public static bool IsIntact(ReadOnlySpan<byte> sector)
    {
        if (!sector.StartsWith(Signature) || BinaryPrimitives.ReadUInt32LittleEndian(sector[RevisionOffset..]) != Revision)
        {
            return false;
        }

        var size = BinaryPrimitives.ReadUInt32LittleEndian(sector[HeaderSizeOffset..]);
        return size >= Size && size <= sector.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(sector[ChecksumOffset..]) == Crc32.OfStructure(sector[..(int)size], ChecksumOffset);
    }

    /// <summary>Reads the fields, whatever the checksum says.</summary>
    public static GptHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source[OwnLbaOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[OtherLbaOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[FirstUsableLbaOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[LastUsableLbaOffset..]),
        new Guid(source.Slice(DiskGuidOffset, 16)),
        BinaryPrimitives.ReadUInt64LittleEndian(source[TableLbaOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[EntryCountOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[EntrySizeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[TableChecksumOffset..]));

    /// <summary>Writes the structure over <see cref="Size"/> bytes, checksum included.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Signature.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[RevisionOffset..], Revision);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[HeaderSizeOffset..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[OwnLbaOffset..], OwnLba);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[OtherLbaOffset..], OtherLba);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FirstUsableLbaOffset..], FirstUsableLba);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[LastUsableLbaOffset..], LastUsableLba);
        DiskGuid.TryWriteBytes(destination[DiskGuidOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[TableLbaOffset..], TableLba);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[EntryCountOffset..], EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[EntrySizeOffset..], EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[TableChecksumOffset..], TableChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumOffset..], Crc32.OfStructure(destination, ChecksumOffset));
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// The protective MBR of a GPT disk (UEFI specification, 5.2.3): one entry that covers the disk, so that programs that know no GPT
/// see a full disk.
/// <code>
/// off  size  field                  value we write
/// 0    446   boot code              zero
/// 446  16    partition entry 1      status 0, first CHS 00 02 00, type EE, last CHS FF FF FF, first LBA 1, sectors
/// 462  48    partition entries 2-4  zero
/// 510  2     signature              55 AA
/// </code>
/// </summary>
/// <param name="SectorCount">Sectors behind this one, at most 0xFFFFFFFF.</param>
internal readonly record struct ProtectiveMbr(uint SectorCount)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = DiskUnits.SectorSizeBytes;

    /// <summary>Writes the structure over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        new MbrPartitionEntry(MbrPartitionEntry.ProtectiveType, FirstLba: 1, SectorCount)
            .Write(destination[MbrPartitionEntry.FirstEntryOffset..], firstChs: 0x000200, lastChs: 0xFFFFFF);
        BinaryPrimitives.WriteUInt16BigEndian(destination[MbrPartitionEntry.SignatureOffset..], MbrPartitionEntry.Signature);
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// An entry of a dynamic VHD's block allocation table (Microsoft, Virtual Hard Disk Image Format Specification 1.0, "Block Allocation
/// Table and Data Blocks"): u32, big-endian, the sector of the file where the block's bitmap starts; all ones for an absent block, which reads as zeros.
/// </summary>
/// <param name="Sector">The sector.</param>
internal readonly record struct VhdBatEntry(uint Sector)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = sizeof(uint);

    /// <summary>The entry of a block that is not in the file.</summary>
    public static VhdBatEntry Absent { get; } = new(uint.MaxValue);

    /// <summary>Where the block starts in the file, in bytes; of no meaning for <see cref="Absent"/>.</summary>
    public long FileOffset => (long)Sector * DiskUnits.SectorSizeBytes;

    /// <summary>Makes the entry of a block in the file.</summary>
    /// <param name="fileOffset">Where its bitmap starts: whole sectors, below 2 TiB.</param>
    /// <exception cref="OverflowException">The offset cannot be named.</exception>
    public static VhdBatEntry At(long fileOffset) => new(checked((uint)(fileOffset / DiskUnits.SectorSizeBytes)));

    /// <summary>Reads an entry.</summary>
    public static VhdBatEntry Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    /// <summary>Writes the entry over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Sector);
}

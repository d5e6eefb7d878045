using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// An entry of the metadata table ([MS-VHDX] 2.6.1.2).
/// <code>
/// off  size  field     value we write
/// 0    16    item      GUID, see VhdxMetadata
/// 16   4     offset    from the start of the metadata region, at least 64 KiB
/// 20   4     length    bytes
/// 24   4     flags     bit 0 user, bit 1 virtual disk, bit 2 required
/// 28   4     reserved  zero
/// </code>
/// </summary>
/// <param name="Item">What the item is.</param>
/// <param name="Offset">Where it stands, in bytes from the start of the metadata region.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Flags">See the constants.</param>
internal readonly record struct VhdxMetadataEntry(Guid Item, uint Offset, uint Length, uint Flags)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 32;

    /// <summary>Flag: belongs to the user, not to the system.</summary>
    public const uint UserFlag = 1;

    /// <summary>Flag: describes the virtual disk, not the file.</summary>
    public const uint VirtualDiskFlag = 2;

    /// <summary>Flag: a reader that does not know the item must refuse the file.</summary>
    public const uint RequiredFlag = 4;

    private const int OffsetOffset = 16;
    private const int LengthOffset = 20;
    private const int FlagsOffset = 24;

    /// <summary>Reads an entry.</summary>
    public static VhdxMetadataEntry Read(ReadOnlySpan<byte> source) => new(
        new Guid(source[..16]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[OffsetOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[LengthOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[FlagsOffset..]));

    /// <summary>Writes the entry over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Size].Clear();
        Item.TryWriteBytes(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[OffsetOffset..], Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[LengthOffset..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[FlagsOffset..], Flags);
    }
}

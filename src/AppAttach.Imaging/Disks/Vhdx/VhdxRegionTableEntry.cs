using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// An entry of the region table ([MS-VHDX] 2.2.3.2).
/// <code>
/// off  size  field        value we write
/// 0    16    region       GUID, see VhdxRegions
/// 16   8     file offset  multiple of 1 MiB, at least 1 MiB
/// 24   4     length       multiple of 1 MiB
/// 28   4     flags        bit 0, required: 1
/// </code>
/// </summary>
/// <param name="Region">What the region holds.</param>
/// <param name="FileOffset">Where it stands in the file, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="IsRequired">Whether a reader that does not know the region must refuse the file.</param>
internal readonly record struct VhdxRegionTableEntry(Guid Region, ulong FileOffset, uint Length, bool IsRequired)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 32;

    private const int FileOffsetOffset = 16;
    private const int LengthOffset = 24;
    private const int FlagsOffset = 28;
    private const uint RequiredFlag = 1;

    /// <summary>Reads an entry.</summary>
    public static VhdxRegionTableEntry Read(ReadOnlySpan<byte> source) => new(
        new Guid(source[..16]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[FileOffsetOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[LengthOffset..]),
        (BinaryPrimitives.ReadUInt32LittleEndian(source[FlagsOffset..]) & RequiredFlag) != 0);

    /// <summary>Writes the entry over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        Region.TryWriteBytes(destination);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FileOffsetOffset..], FileOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[LengthOffset..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[FlagsOffset..], IsRequired ? RequiredFlag : 0);
    }
}

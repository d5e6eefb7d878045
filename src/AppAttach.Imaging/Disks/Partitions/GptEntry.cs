using System.Buffers.Binary;
using System.Text;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// An entry of a GUID partition table (UEFI specification, 5.3.3).
/// <code>
/// off  size  field        value we write
/// 0    16    type         Basic Data
/// 16   16    unique GUID  from outside
/// 32   8     first LBA    2048
/// 40   8     last LBA     inclusive
/// 48   8     attributes   0, as Windows' own New-Partition leaves them
/// 56   72    name         UTF-16LE, 36 units: "Basic data partition", as Windows names it
/// </code>
/// </summary>
/// <param name="Type">Type of the partition; zero for an unused entry.</param>
/// <param name="UniqueGuid">Identity of the partition.</param>
/// <param name="FirstLba">First sector.</param>
/// <param name="LastLba">Last sector, inclusive.</param>
/// <param name="Attributes">Bit 60 read-only, 61 shadow copy, 62 hidden, 63 no drive letter.</param>
/// <param name="Name">At most 36 UTF-16 units.</param>
internal readonly record struct GptEntry(Guid Type, Guid UniqueGuid, ulong FirstLba, ulong LastLba, ulong Attributes, string Name)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 128;

    /// <summary>As many UTF-16 units as a name may have.</summary>
    public const int MaximumNameLength = 36;

    private const int UniqueGuidOffset = 16;
    private const int FirstLbaOffset = 32;
    private const int LastLbaOffset = 40;
    private const int AttributesOffset = 48;
    private const int NameOffset = 56;

    /// <summary>The type of partitions that hold NTFS, FAT or exFAT.</summary>
    public static Guid BasicData { get; } = new("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");

    /// <summary>Reads an entry.</summary>
    public static GptEntry Read(ReadOnlySpan<byte> source) => new(
        new Guid(source[..16]),
        new Guid(source.Slice(UniqueGuidOffset, 16)),
        BinaryPrimitives.ReadUInt64LittleEndian(source[FirstLbaOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[LastLbaOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[AttributesOffset..]),
        Encoding.Unicode.GetString(source.Slice(NameOffset, MaximumNameLength * sizeof(char))).TrimEnd('\0'));

    /// <summary>Writes the entry over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Type.TryWriteBytes(destination);
        UniqueGuid.TryWriteBytes(destination[UniqueGuidOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FirstLbaOffset..], FirstLba);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[LastLbaOffset..], LastLba);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[AttributesOffset..], Attributes);
        Encoding.Unicode.GetBytes(Name, destination[NameOffset..]);
    }
}

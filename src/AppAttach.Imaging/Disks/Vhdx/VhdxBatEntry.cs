using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// An entry of the block allocation table ([MS-VHDX] 2.5.1): u64, bits 0-2 state, bits 3-19 zero, bits 20-63 file offset in MiB. So
/// entry = file offset | state.
/// </summary>
/// <param name="Value">The 64 bits.</param>
internal readonly record struct VhdxBatEntry(ulong Value)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 8;

    private const ulong StateMask = 0x7;
    private const ulong OffsetMask = ~0xFFFFFUL;

    /// <summary>Makes an entry.</summary>
    /// <param name="state">State of the block.</param>
    /// <param name="fileOffset">Where it stands, a multiple of 1 MiB; 0 when it does not.</param>
    public VhdxBatEntry(VhdxBlockState state, long fileOffset)
        : this((ulong)fileOffset | (ulong)state)
    {
    }

    /// <summary>State of the block; may be a reserved value.</summary>
    public VhdxBlockState State => (VhdxBlockState)(Value & StateMask);

    /// <summary>Where the block stands in the file, in bytes.</summary>
    public ulong FileOffset => Value & OffsetMask;

    /// <summary>Whether the bits that must be zero are not.</summary>
    public bool HasReservedBits => (Value & ~(OffsetMask | StateMask)) != 0;

    /// <summary>Reads an entry.</summary>
    public static VhdxBatEntry Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64LittleEndian(source));

    /// <summary>Writes the entry over <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64LittleEndian(destination, Value);
}

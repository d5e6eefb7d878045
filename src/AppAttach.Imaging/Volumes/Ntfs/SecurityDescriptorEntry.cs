using System.Buffers.Binary;
using System.Numerics;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Head of an entry of $Secure:$SDS, and the data of the entries of $SII and $SDH. Source: image-format notes 4.10.
//
// offset size field                      value we write, and why
//      0    4 hash of the descriptor
//      4    4 security id                from 0x100 on
//      8    8 offset of the entry in $SDS always that of the first copy
//     16    4 bytes of the entry         this head and the descriptor
//     20      descriptor                 only in $SDS

/// <summary>Head of a security descriptor in <c>$Secure</c>.</summary>
/// <param name="Hash">Hash of the descriptor (<see cref="HashOf"/>).</param>
/// <param name="SecurityId">Id by which files name it.</param>
/// <param name="Offset">Offset of the entry in the stream, in bytes.</param>
/// <param name="LengthBytes">Bytes of this head and the descriptor.</param>
internal readonly record struct SecurityDescriptorEntry(uint Hash, uint SecurityId, long Offset, int LengthBytes)
{
    /// <summary>Bytes of the head.</summary>
    public const int Size = 20;

    /// <summary>Entries of the stream begin on multiples of this.</summary>
    public const int Alignment = 16;

    /// <summary>The stream holds its entries twice, in turns of this many bytes.</summary>
    public const int CopyDistanceBytes = 0x40000;

    /// <summary>The first id; lower ones have never been given out.</summary>
    public const uint FirstSecurityId = 0x100;

    private const int HashOffset = 0;
    private const int SecurityIdOffset = 4;
    private const int OffsetOffset = 8;
    private const int LengthOffset = 16;
    private const int HashRotation = 3;

    /// <summary>The hash by which $SDH finds equal descriptors.</summary>
    /// <param name="descriptor">A self-relative descriptor; bytes behind its last whole 32 bits do not count.</param>
    public static uint HashOf(ReadOnlySpan<byte> descriptor)
    {
        uint hash = 0;
        for (; descriptor.Length >= sizeof(uint); descriptor = descriptor[sizeof(uint)..])
        {
            hash = unchecked(BinaryPrimitives.ReadUInt32LittleEndian(descriptor) + BitOperations.RotateLeft(hash, HashRotation));
        }

        return hash;
    }

    /// <summary>Reads the head.</summary>
    /// <exception cref="InvalidInputException">Its offset is negative, or its length less than its own.</exception>
    public static SecurityDescriptorEntry Read(ReadOnlySpan<byte> source)
    {
        const string structure = "security descriptor entry";
        CorruptVolume.RequireSize(source, Size, structure);
        var entry = new SecurityDescriptorEntry(
            BinaryPrimitives.ReadUInt32LittleEndian(source[HashOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[SecurityIdOffset..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[OffsetOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[LengthOffset..]));
        return entry.Offset >= 0 && entry.LengthBytes >= Size
            ? entry
            : throw CorruptVolume.Because(structure, $"has {entry.LengthBytes} bytes at offset {entry.Offset}");
    }

    /// <summary>Writes the head.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target[HashOffset..], Hash);
        BinaryPrimitives.WriteUInt32LittleEndian(target[SecurityIdOffset..], SecurityId);
        BinaryPrimitives.WriteInt64LittleEndian(target[OffsetOffset..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(target[LengthOffset..], LengthBytes);
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS update sequence ("fixups"), in file records, index buffers and log pages. Source: image-format notes 4.3.
// Every structure that has one begins alike:
//
// offset size field
//      0    4 signature
//      4    2 offset of the update sequence from the structure's start
//      6    2 number of its words: 1 + structure size / 512
//
// The first word is the update sequence number. On disk it stands in the last two bytes of every 512, and the bytes
// that belong there stand in the following words. A torn write shows as a 512 whose last word is another number.

/// <summary>Puts the update sequence into a structure, checks it and takes it out again.</summary>
internal static class UpdateSequence
{
    /// <summary>Bytes that each word protects, whatever the size of a sector.</summary>
    public const int StrideBytes = 512;

    /// <summary>The number we write; any but 0 will do, and a constant keeps $MFTMirr equal to $MFT.</summary>
    public const ushort Number = 1;

    private const string Structure = "update sequence";
    private const int OffsetOffset = 4;
    private const int CountOffset = 6;

    /// <summary>Number of words for a structure of some size.</summary>
    /// <param name="sizeBytes">Bytes of the structure, a multiple of 512.</param>
    public static ushort CountFor(int sizeBytes) => (ushort)(1 + (sizeBytes / StrideBytes));

    /// <summary>Puts the update sequence into a complete structure, at the place its header names.</summary>
    public static void Apply(Span<byte> structure)
    {
        var sequence = structure[BinaryPrimitives.ReadUInt16LittleEndian(structure[OffsetOffset..])..];
        BinaryPrimitives.WriteUInt16LittleEndian(sequence, Number);
        for (int end = StrideBytes, word = sizeof(ushort); end <= structure.Length; end += StrideBytes, word += sizeof(ushort))
        {
            var last = structure.Slice(end - sizeof(ushort), sizeof(ushort));
            last.CopyTo(sequence[word..]);
            BinaryPrimitives.WriteUInt16LittleEndian(last, Number);
        }
    }

    /// <summary>Checks the update sequence and puts the bytes back that it stands for.</summary>
    /// <exception cref="InvalidInputException">It lies outside the structure, has another count than its size asks for, or a write was torn.</exception>
    public static void Remove(Span<byte> structure)
    {
        CorruptVolume.RequireSize(structure, StrideBytes, Structure);
        var offset = BinaryPrimitives.ReadUInt16LittleEndian(structure[OffsetOffset..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(structure[CountOffset..]);
        if (structure.Length % StrideBytes != 0 || count != CountFor(structure.Length))
        {
            throw CorruptVolume.Because(Structure, $"has {count} words for a structure of {structure.Length} bytes");
        }

        // It must also end before the first word it protects.
        if (offset < CountOffset + sizeof(ushort) || offset % sizeof(ushort) != 0
            || offset + (count * sizeof(ushort)) > StrideBytes - sizeof(ushort))
        {
            throw CorruptVolume.Because(Structure, $"of {count} words cannot stand at offset {offset}");
        }

        var sequence = structure.Slice(offset, count * sizeof(ushort));
        for (int end = StrideBytes, word = sizeof(ushort); end <= structure.Length; end += StrideBytes, word += sizeof(ushort))
        {
            var last = structure.Slice(end - sizeof(ushort), sizeof(ushort));
            if (!last.SequenceEqual(sequence[..sizeof(ushort)]))
            {
                throw CorruptVolume.Because(Structure, $"does not match the word before offset {end}: the structure was written in part only");
            }

            sequence.Slice(word, sizeof(ushort)).CopyTo(last);
        }
    }
}

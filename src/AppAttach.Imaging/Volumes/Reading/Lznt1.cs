using System.Buffers.Binary;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

// LZNT1 ([MS-XCA] 2.5): chunks of up to 4096 bytes, each behind a head of 16 bits:
//
// bits  0-11 bytes of the chunk behind the head, less 1
// bits 12-14 3
// bit     15 whether it is compressed; else it is as it is
//
// A head of 0 ends the chunks. A compressed chunk is a row of groups: a byte of flags, lowest first, then eight items, each a byte as it is (0) or
// a reference (1) of 16 bits: distance less 1 in the high bits, length less 3 in the low ones. The more of the chunk there is, the more bits are the distance's.

/// <summary>Expands what NTFS compressed.</summary>
internal static class Lznt1
{
    private const int ChunkSizeBytes = 4096;
    private const int HeadSize = sizeof(ushort);
    private const int SizeMask = 0xFFF;
    private const int CompressedBit = 0x8000;
    private const int MinimumLength = 3;

    /// <summary>Expands one compression unit.</summary>
    /// <param name="source">Its chunks, and anything behind their end.</param>
    /// <param name="target">Takes the bytes; what they do not fill is zero.</param>
    /// <exception cref="InvalidInputException">The chunks contradict themselves or hold more than fits.</exception>
    public static void Expand(ReadOnlySpan<byte> source, Span<byte> target)
    {
        target.Clear();
        for (var at = 0; at < target.Length && source.Length >= HeadSize; at += ChunkSizeBytes)
        {
            var head = BinaryPrimitives.ReadUInt16LittleEndian(source);
            if (head == 0)
            {
                return;
            }

            var length = (head & SizeMask) + 1;
            if (length > source.Length - HeadSize)
            {
                throw Broken($"has a chunk of {length} bytes where {source.Length - HeadSize} are left");
            }

            var chunk = source.Slice(HeadSize, length);
            var expanded = target.Slice(at, Math.Min(ChunkSizeBytes, target.Length - at));
            if ((head & CompressedBit) != 0)
            {
                ExpandChunk(chunk, expanded);
            }
            else if (!chunk.TryCopyTo(expanded))
            {
                throw Broken($"has a chunk of {length} bytes as it is; {expanded.Length} are expected");
            }

            source = source[(HeadSize + length)..];
        }
    }

    private static void ExpandChunk(ReadOnlySpan<byte> source, Span<byte> target)
    {
        const int itemsInGroup = 8;
        var at = 0;
        while (!source.IsEmpty)
        {
            var flags = source[0];
            source = source[1..];
            for (var item = 0; item < itemsInGroup && !source.IsEmpty; item++)
            {
                if ((flags >> item & 1) != 0)
                {
                    Copy(ref source, target, ref at);
                }
                else if (at < target.Length)
                {
                    target[at++] = source[0];
                    source = source[1..];
                }
                else
                {
                    throw Broken("has a chunk that expands to too much");
                }
            }
        }
    }

    private static void Copy(ref ReadOnlySpan<byte> source, Span<byte> target, ref int at)
    {
        if (source.Length < HeadSize)
        {
            throw Broken("has a chunk that ends in a reference");
        }

        var reference = BinaryPrimitives.ReadUInt16LittleEndian(source);
        source = source[HeadSize..];
        const int mostLengthBits = 12;
        const int leastDistances = 16;
        var lengthBits = mostLengthBits;
        for (var reach = at - 1; reach >= leastDistances; reach >>= 1)
        {
            lengthBits--;
        }

        var distance = (reference >> lengthBits) + 1;
        var length = (reference & ((1 << lengthBits) - 1)) + MinimumLength;
        if (distance > at || length > target.Length - at)
        {
            throw Broken($"refers to {length} bytes from {distance} before byte {at} of a chunk");
        }

        // The two may overlap: then what was just copied is copied again.
        for (; length > 0; length--, at++)
        {
            target[at] = target[at - distance];
        }
    }

    private static InvalidInputException Broken(string what) => CorruptVolume.Because("compressed content", what);
}

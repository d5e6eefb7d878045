using System.Buffers.Binary;
using System.Globalization;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing.Images;

/// <summary>Makes broken disk images. A case follows from seed and number alone.</summary>
public static class ImageFuzzCase
{
    private const int RecordBytes = 1024;
    private const int IndexBufferBytes = 4096;
    private const int HeadBytes = 4 << 20;
    private const int TailBytes = 64 << 10;

    private static readonly int[] ReadSizes = [int.MaxValue, int.MaxValue, 65_536, 1_000];

    private static readonly ulong[] Edges =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000,
        0xFFFF_FFFF_FFFF_FFFF, 1UL << 40, 4095, 4096, 4097,
    ];

    /// <summary>Makes a case.</summary>
    /// <param name="seed">Which series of cases.</param>
    /// <param name="number">Which of the series.</param>
    public static FuzzCase Create(int seed, long number)
    {
        var random = new Random(FuzzCase.Mix(seed, number));
        var from = ImageFuzzBase.All[random.Next(ImageFuzzBase.All.Count)];
        var bytes = (byte[])from.Bytes.Clone();
        var steps = new List<string> { from.Name };
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            bytes = Change(bytes, from, steps, random);
        }

        var endsAfter = random.Next(50) == 0 ? random.Next(bytes.Length + 1) : long.MaxValue;
        return new(number, string.Join("; ", steps), bytes, ReadSizes[random.Next(ReadSizes.Length)], endsAfter);
    }

    private static byte[] Change(byte[] bytes, ImageFuzzBase from, List<string> steps, Random random)
    {
        // Most changes go to the file system: records and index buffers start on 1024 and 4096 bytes there.
        var isRoomy = bytes.Length >= from.VolumeOffset + from.MetadataEnd;
        switch (isRoomy ? random.Next(10) : 9)
        {
            case < 4:
                return SetField(bytes, from.VolumeOffset + FindStructure(bytes, from, "FILE"u8, RecordBytes, random), RecordBytes, steps, random);
            case 4 or 5:
                return SetField(bytes, from.VolumeOffset + FindStructure(bytes, from, "INDX"u8, IndexBufferBytes, random), IndexBufferBytes, steps, random);
            case 6:
                return SetField(bytes, from.VolumeOffset, 512, steps, random);
            case 7:
                return SetField(bytes, 0, Math.Min(HeadBytes, bytes.Length), steps, random);
            case 8:
                steps.Add("copied a record over another");
                var source = from.VolumeOffset + FindStructure(bytes, from, "FILE"u8, RecordBytes, random);
                var target = from.VolumeOffset + FindStructure(bytes, from, "FILE"u8, RecordBytes, random);
                bytes.AsSpan(source, RecordBytes).CopyTo(bytes.AsSpan(target));
                return bytes;
            default:
                steps.Add("changed bytes");
                return ByteMutator.Mutate(bytes, random, tail: TailBytes);
        }
    }

    private static int FindStructure(byte[] bytes, ImageFuzzBase from, ReadOnlySpan<byte> signature, int step, Random random)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var at = random.Next(from.MetadataEnd / step) * step;
            if (bytes.AsSpan(from.VolumeOffset + at).StartsWith(signature))
            {
                return at;
            }
        }

        return 0;
    }

    // A field of one to eight bytes gets a value at an edge, a little more or less than it had, or any.
    private static byte[] SetField(byte[] bytes, int start, int length, List<string> steps, Random random)
    {
        var size = 1 << random.Next(4);
        var at = start + (random.Next((length - size) / size) * size);
        Span<byte> field = stackalloc byte[sizeof(ulong)];
        bytes.AsSpan(at, size).CopyTo(field);
        var before = BinaryPrimitives.ReadUInt64LittleEndian(field);
        var value = random.Next(4) switch
        {
            0 => before + (ulong)random.NextInt64(-9, 10),
            1 => (ulong)random.NextInt64(),
            2 => before ^ (1UL << random.Next(8 * size)),
            _ => Edges[random.Next(Edges.Length)],
        };
        BinaryPrimitives.WriteUInt64LittleEndian(field, value);
        field[..size].CopyTo(bytes.AsSpan(at));
        steps.Add(string.Create(CultureInfo.InvariantCulture, $"{size} bytes at {at} set to {value:X}"));
        return bytes;
    }
}

using AppAttach.Fuzzing.Mutations;
using AppAttach.TestKit.Packages;

namespace AppAttach.Fuzzing;

/// <summary>One broken package. It follows from seed and number alone (on one version of the framework, whose deflater is used).</summary>
/// <param name="Number">Its number.</param>
/// <param name="Description">What it was made from, and how.</param>
/// <param name="Bytes">The package.</param>
/// <param name="MostPerRead">Most bytes that one read of it gives.</param>
/// <param name="EndsAfterBytes">Where reads find the end although the length says otherwise, as in a file that is cut short while in use.</param>
public sealed record FuzzCase(long Number, string Description, byte[] Bytes, int MostPerRead, long EndsAfterBytes)
{
    private const int Kinds = 10;
    private const int FirstByteKind = 6;
    private const int DirectoryBytes = 1_500;
    private const int LongestSpan = 70_000;

    private static readonly int[] ReadSizes = [int.MaxValue, int.MaxValue, 65_536, 4_096, 1_000, 61];

    /// <summary>Makes a case.</summary>
    /// <param name="seed">Which series of cases.</param>
    /// <param name="number">Which of the series.</param>
    public static FuzzCase Create(int seed, long number)
    {
        var random = new Random(Mix(seed, number));
        var from = random.Next(2) == 0 ? FuzzBase.Sound : FuzzBase.All;
        var package = from[random.Next(from.Count)];
        var steps = new List<string> { package.Name };
        // Most cases leave the records of the archive right, or hardly any would get past them.
        var (least, most) = random.Next(6) switch { 0 => (FirstByteKind, Kinds), 1 => (0, Kinds), _ => (0, FirstByteKind) };
        var kinds = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(least, most)).Order().ToList();
        var bytes = EditParts(package, kinds, steps, random);
        foreach (var kind in kinds.Where(kind => kind >= FirstByteKind))
        {
            bytes = EditBytes(bytes, kind, steps, random);
        }

        var mostPerRead = ReadSizes[random.Next(ReadSizes.Length)];
        var endsAfter = random.Next(50) == 0 ? random.Next(bytes.Length + 1) : long.MaxValue;
        return new(number, string.Join("; ", steps), bytes, mostPerRead, endsAfter);
    }

    // Edits of parts come first, as they write the archive anew.
    private static byte[] EditParts(FuzzBase package, List<int> kinds, List<string> steps, Random random)
    {
        if (kinds[0] >= FirstByteKind || package.TakeApart() is not { } archive)
        {
            return (byte[])package.Bytes.Clone();
        }

        foreach (var kind in kinds.Where(kind => kind < FirstByteKind))
        {
            steps.Add(kind < 3 ? PartMutator.MutatePart(archive, random) : PartMutator.MutateFootprint(archive, random));
        }

        return archive.Write();
    }

    private static byte[] EditBytes(byte[] bytes, int kind, List<string> steps, Random random)
    {
        switch (kind)
        {
            case FirstByteKind or FirstByteKind + 1:
                steps.Add(FieldMutator.Mutate(bytes, random));
                return bytes;
            case FirstByteKind + 2:
                steps.Add("changed bytes");
                return ByteMutator.Mutate(bytes, random, tail: DirectoryBytes);
            default:
                return EditSpan(bytes, steps, random);
        }
    }

    private static byte[] EditSpan(byte[] bytes, List<string> steps, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var length = random.Next(Math.Min(bytes.Length - at, random.Next(4) == 0 ? LongestSpan : 100) + 1);
        switch (random.Next(5))
        {
            case 0:
                steps.Add($"cut at {at}");
                return bytes[..at];
            case 1:
                steps.Add($"removed {length} bytes at {at}");
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 2:
                steps.Add($"doubled {length} bytes at {at}");
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at, length), .. bytes.AsSpan(at)];
            case 3:
                steps.Add($"inserted {length} bytes at {at}");
                var inserted = new byte[length];
                random.NextBytes(inserted);
                return [.. bytes.AsSpan(0, at), .. inserted, .. bytes.AsSpan(at)];
            default:
                steps.Add($"overwrote {length} bytes at {at}");
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
        }
    }

    /// <summary>Random numbers of a case start from this.</summary>
    internal static int Mix(int seed, long number)
    {
        var mixed = (ulong)number + ((ulong)(uint)seed << 40) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)(mixed ^ (mixed >> 31));
    }
}

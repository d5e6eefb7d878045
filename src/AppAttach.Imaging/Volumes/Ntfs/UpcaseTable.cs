using System.Buffers.Binary;
using System.Globalization;

namespace AppAttach.Imaging.Volumes.Ntfs;

// $UpCase: 65536 UTF-16 units of 2 bytes, the upper case of each unit. Source: image-format notes 4.12.
// The table is the one of Windows 7, kept as ranges in UpcaseMappings.txt and never computed by the runtime, whose idea
// of upper case changes with its version. Each entry of that file is first[..last][/2] in hexadecimal and the signed
// decimal difference; /2 means every second unit. All other units are their own upper case.

/// <summary>The volume's table of upper-case characters, and the order of names that follows from it.</summary>
internal sealed class UpcaseTable
{
    /// <summary>Bytes of the table on disk.</summary>
    public const int SizeBytes = UnitCount * sizeof(char);

    private const int UnitCount = char.MaxValue + 1;
    private const string Structure = "upper-case table";
    private const string ResourceName = "AppAttach.Imaging.Volumes.Ntfs.UpcaseMappings.txt";

    private readonly char[] _upper;

    private UpcaseTable(char[] upper) => _upper = upper;

    /// <summary>The table we write.</summary>
    public static UpcaseTable Windows { get; } = LoadWindows();

    /// <summary>Reads a volume's own table.</summary>
    /// <param name="source">The content of $UpCase, exactly <see cref="SizeBytes"/> bytes.</param>
    /// <exception cref="InvalidInputException">It has another size.</exception>
    public static UpcaseTable Read(ReadOnlySpan<byte> source)
    {
        if (source.Length != SizeBytes)
        {
            throw CorruptVolume.Because(Structure, $"has {source.Length} bytes instead of {SizeBytes}");
        }

        var upper = new char[UnitCount];
        for (var unit = 0; unit < UnitCount; unit++)
        {
            upper[unit] = (char)BinaryPrimitives.ReadUInt16LittleEndian(source[(unit * sizeof(char))..]);
        }

        return new UpcaseTable(upper);
    }

    /// <summary>Upper case of one unit.</summary>
    public char ToUpper(char unit) => _upper[unit];

    /// <summary>Compares names as folders order them: by upper-cased units, a prefix first, names that differ in case only by their units.</summary>
    /// <returns>Less than, equal to or greater than zero.</returns>
    public int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var ignoringCase = CompareIgnoringCase(left, right);
        return ignoringCase != 0 ? ignoringCase : left.SequenceCompareTo(right);
    }

    /// <summary>Compares names by upper-cased units only; Windows takes names that compare as equal for the same.</summary>
    /// <returns>Less than, equal to or greater than zero.</returns>
    public int CompareIgnoringCase(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var index = left.CommonPrefixLength(right); index < common; index++)
        {
            var difference = _upper[left[index]] - _upper[right[index]];
            if (difference != 0)
            {
                return difference;
            }
        }

        return left.Length - right.Length;
    }

    /// <summary>Writes a part of the table.</summary>
    /// <param name="firstUnit">The first unit to write.</param>
    /// <param name="target">Where; two bytes a unit.</param>
    public void Write(int firstUnit, Span<byte> target)
    {
        for (var index = 0; index < target.Length / sizeof(char); index++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(index * sizeof(char))..], _upper[firstUnit + index]);
        }
    }

    private static UpcaseTable LoadWindows()
    {
        var upper = new char[UnitCount];
        for (var unit = 0; unit < UnitCount; unit++)
        {
            upper[unit] = (char)unit;
        }

        using var resource = typeof(UpcaseTable).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {ResourceName}.");
        using var reader = new StreamReader(resource);
        foreach (var mapping in reader.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            AddMapping(upper, mapping);
        }

        return new UpcaseTable(upper);
    }

    private static void AddMapping(char[] upper, string mapping)
    {
        var sign = mapping.AsSpan().IndexOfAny('+', '-');
        var difference = int.Parse(mapping.AsSpan(sign), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var range = mapping.AsSpan(0, sign);
        var step = 1;
        if (range.EndsWith("/2"))
        {
            step = 2;
            range = range[..^2];
        }

        var dots = range.IndexOf("..");
        var first = int.Parse(dots < 0 ? range : range[..dots], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var last = dots < 0 ? first : int.Parse(range[(dots + 2)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        for (var unit = first; unit <= last; unit += step)
        {
            upper[unit] = (char)(unit + difference);
        }
    }
}

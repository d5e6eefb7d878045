namespace AppAttach.Imaging.Packages;

/// <summary>
/// Finds a Huffman code's symbol by looking at several bits at once. One look is enough for most; for codes longer than the table is wide,
/// the entry found names a second, smaller table for the bits that follow.
/// </summary>
/// <remarks>
/// An entry holds, from its lowest bit: in 6 bits how many bits the symbol takes, extra bits included; from bit 8 on, in 4, how many of them are the
/// code's; from bit 16 on the symbol's value, to which the extra bits are added. For a second table these are the bits of the first, the width of the
/// second, and where it starts.
/// </remarks>
internal sealed class DeflateTable
{
    /// <summary>Marks a literal, whose value is a byte.</summary>
    public const uint Literal = 1u << 31;

    /// <summary>Marks what is neither a literal nor a length or distance.</summary>
    public const uint Exception = 1 << 15;

    /// <summary>Marks, with <see cref="Exception"/>, an entry that names a second table.</summary>
    public const uint SecondTable = 1 << 14;

    /// <summary>Marks, with <see cref="Exception"/>, the end of a block.</summary>
    public const uint BlockEnd = 1 << 13;

    private const int LongestCode = 15;
    private const int CodeShift = 8;
    private const int ValueShift = 16;

    private readonly int bits;
    private readonly uint[] symbols;
    private readonly byte[] widest;

    /// <summary>Makes a table; it is of no use before it is built.</summary>
    /// <param name="bits">Bits of the first look.</param>
    /// <param name="symbols">For each symbol its entry but for the code's bits.</param>
    public DeflateTable(int bits, uint[] symbols)
    {
        (this.bits, this.symbols) = (bits, symbols);
        widest = new byte[1 << bits];

        // Two codes at least share a second table, as a code with gaps is refused.
        Entries = new uint[(1 << bits) + (symbols.Length / 2 << (LongestCode - bits))];
    }

    /// <summary>The entries; the first look is at as many bits as the table was made for.</summary>
    public uint[] Entries { get; }

    /// <summary>An entry but for its code's bits.</summary>
    /// <param name="value">Value, at most 15 bits.</param>
    /// <param name="extraBits">Bits that follow the code and are added to the value.</param>
    public static uint Symbol(int value, int extraBits) => ((uint)value << ValueShift) | (uint)extraBits;

    /// <summary>Builds the table.</summary>
    /// <param name="widths">Bits of each symbol's code, 0 for symbols without; at most 15.</param>
    /// <returns>False if they make no code that leaves nothing open (a single code of one bit is taken too, as zlib does).</returns>
    public bool TryBuild(ReadOnlySpan<byte> widths)
    {
        Span<int> counts = stackalloc int[LongestCode + 1];
        Span<int> next = stackalloc int[LongestCode + 2];
        counts.Clear();
        foreach (var width in widths)
        {
            counts[width]++;
        }

        counts[0] = 0;
        var (code, left, longest) = (0, 1, 0);
        for (var width = 1; width <= LongestCode; width++)
        {
            next[width] = code;
            code = (code + counts[width]) << 1;
            left = (left << 1) - counts[width];
            longest = counts[width] > 0 ? width : longest;
            if (left < 0)
            {
                return false;
            }
        }

        if (left > 0 && longest > 1)
        {
            return false;
        }

        if (left > 0)
        {
            Entries.AsSpan(0, 1 << bits).Fill(Exception);
        }

        if (longest > bits)
        {
            PlaceSecondTables(widths, next);
        }

        Fill(widths, next);
        return true;
    }

    // Codes are read lowest bit first, and stand in the table the same way round.
    private static int Reverse(int code, int width)
    {
        var value = (uint)code;
        value = ((value & 0x5555) << 1) | ((value >> 1) & 0x5555);
        value = ((value & 0x3333) << 2) | ((value >> 2) & 0x3333);
        value = ((value & 0x0F0F) << 4) | ((value >> 4) & 0x0F0F);
        value = ((value & 0x00FF) << 8) | (value >> 8);
        return (int)(value >> (16 - width));
    }

    private void PlaceSecondTables(ReadOnlySpan<byte> widths, ReadOnlySpan<int> first)
    {
        Span<int> next = stackalloc int[first.Length];
        first.CopyTo(next);
        widest.AsSpan().Clear();
        foreach (var width in widths)
        {
            if (width > bits)
            {
                var prefix = Reverse(next[width]++, width) & ((1 << bits) - 1);
                widest[prefix] = Math.Max(widest[prefix], width);
            }
        }

        var start = 1 << bits;
        for (var prefix = 0; prefix < widest.Length; prefix++)
        {
            if (widest[prefix] > 0)
            {
                var width = widest[prefix] - bits;
                Entries[prefix] = Exception | SecondTable | ((uint)start << ValueShift) | ((uint)width << CodeShift) | (uint)bits;
                start += 1 << width;
            }
        }
    }

    private void Fill(ReadOnlySpan<byte> widths, Span<int> next)
    {
        for (var symbol = 0; symbol < widths.Length; symbol++)
        {
            int width = widths[symbol];
            if (width == 0)
            {
                continue;
            }

            var code = Reverse(next[width]++, width);
            if (width <= bits)
            {
                Spread(Entries.AsSpan(0, 1 << bits), code, width, symbols[symbol]);
                continue;
            }

            var second = Entries[code & ((1 << bits) - 1)];
            var table = Entries.AsSpan((int)(second >> ValueShift), 1 << (int)((second >> CodeShift) & 0xF));
            Spread(table, code >> bits, width - bits, symbols[symbol]);
        }
    }

    private static void Spread(Span<uint> table, int code, int width, uint symbol)
    {
        var entry = symbol + (uint)((width << CodeShift) | width);
        for (var index = code; index < table.Length; index += 1 << width)
        {
            table[index] = entry;
        }
    }
}

using System.Numerics;

namespace AppAttach.Imaging.Checking;

/// <summary>A bit for each of many things, set in ranges.</summary>
internal sealed class BitSet
{
    private const int WordBits = 64;

    private readonly ulong[] _words;

    /// <summary>Makes a set with no bit set.</summary>
    /// <param name="length">Number of bits.</param>
    public BitSet(long length)
    {
        Length = length;
        _words = new ulong[(length + WordBits - 1) / WordBits];
    }

    /// <summary>Number of bits.</summary>
    public long Length { get; }

    /// <summary>A bit.</summary>
    public bool this[long index] => (_words[index / WordBits] >> (int)(index % WordBits) & 1) != 0;

    /// <summary>Sixty-four bits, the first one lowest; those behind the end are clear.</summary>
    public ulong Word(long word) => _words[word];

    /// <summary>Sets a range of bits.</summary>
    /// <param name="first">First bit.</param>
    /// <param name="count">How many; the range lies in the set.</param>
    /// <returns>Index of a bit that was set before, or -1.</returns>
    public long Set(long first, long count)
    {
        long already = -1;
        while (count > 0)
        {
            var shift = (int)(first % WordBits);
            var bits = (int)Math.Min(count, WordBits - shift);
            var mask = (bits == WordBits ? ulong.MaxValue : (1UL << bits) - 1) << shift;
            ref var word = ref _words[first / WordBits];
            if (already < 0 && (word & mask) != 0)
            {
                already = first - shift + BitOperations.TrailingZeroCount(word & mask);
            }

            word |= mask;
            first += bits;
            count -= bits;
        }

        return already;
    }
}

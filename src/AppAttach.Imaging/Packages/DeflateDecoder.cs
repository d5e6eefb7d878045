using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Decodes deflate (RFC 1951) where input and output lie in memory as a whole, as a block of a package does. Knowing both ends it needs no window
/// of its own and copies nothing twice, which a decoder of streams cannot avoid.
/// </summary>
/// <remarks>
/// It takes what is plainly right and leaves everything else to the framework's decoder, which has the last word: a false says no more than that.
/// </remarks>
internal sealed class DeflateDecoder
{
    private const int LengthBits = 10;
    private const int DistanceBits = 8;
    private const int CodeLengthBits = 7;
    private const int LengthMask = (1 << LengthBits) - 1;
    private const int DistanceMask = (1 << DistanceBits) - 1;

    // What the fast loop may write in one turn, with what it writes too much; and what it may read.
    private const int OutputMargin = 3 + 258 + (2 * sizeof(ulong));
    private const int InputMargin = 2 * sizeof(ulong);

    private static readonly uint[] LengthSymbols = MakeLengthSymbols();
    private static readonly uint[] DistanceSymbols = MakeDistanceSymbols();
    private static readonly uint[] CodeLengthSymbols = [.. Enumerable.Range(0, 19).Select(width => DeflateTable.Symbol(width, 0))];
    private static readonly DeflateTable FixedLengths = MakeFixed(
        LengthBits, LengthSymbols, [.. Enumerable.Range(0, 288).Select(symbol => (byte)(symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))]);

    private static readonly DeflateTable FixedDistances = MakeFixed(DistanceBits, DistanceSymbols, [.. Enumerable.Repeat((byte)5, 32)]);

    private readonly DeflateTable lengths = new(LengthBits, LengthSymbols);
    private readonly DeflateTable distances = new(DistanceBits, DistanceSymbols);
    private readonly DeflateTable codeLengths = new(CodeLengthBits, CodeLengthSymbols);
    private readonly byte[] widths = new byte[288 + 32];

    // RFC 1951, 3.2.7: the order in which the widths of the code for widths are given.
    private static ReadOnlySpan<byte> WidthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Decodes one block of a package, which refers to nothing before it.</summary>
    /// <param name="input">The block: whole deflate blocks, the last of which ends on a byte.</param>
    /// <param name="output">Filled exactly.</param>
    /// <param name="endsStream">Whether the last deflate block must be marked final; else none may be.</param>
    /// <returns>Whether it went as said.</returns>
    public bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, bool endsStream)
    {
        var cursor = default(Cursor);
        while (true)
        {
            cursor.Refill(input);
            if (cursor.BitCount < 3)
            {
                return !endsStream && cursor is { BitCount: 0 } && cursor.Output == output.Length;
            }

            var isFinal = cursor.Take(1) == 1;
            var isGood = cursor.Take(2) switch
            {
                0 => TryCopy(ref cursor, input, output),
                1 => TryDecodeSymbols(ref cursor, input, output, FixedLengths, FixedDistances),
                2 => TryReadCodes(ref cursor, input) && TryDecodeSymbols(ref cursor, input, output, lengths, distances),
                _ => false,
            };
            if (!isGood || isFinal)
            {
                return isGood && endsStream && cursor.Output == output.Length && cursor.NextByte == input.Length;
            }
        }
    }

    // RFC 1951, 3.2.5: lengths 3 to 258 in symbols 257 to 285.
    private static uint[] MakeLengthSymbols()
    {
        var symbols = new uint[288];
        for (var literal = 0; literal < 256; literal++)
        {
            symbols[literal] = DeflateTable.Literal | DeflateTable.Symbol(literal, 0);
        }

        symbols[256] = DeflateTable.Exception | DeflateTable.BlockEnd;
        var length = 3;
        for (var symbol = 257; symbol < 285; symbol++)
        {
            var extraBits = symbol < 265 ? 0 : (symbol - 261) / 4;
            symbols[symbol] = DeflateTable.Symbol(length, extraBits);
            length += 1 << extraBits;
        }

        symbols[285] = DeflateTable.Symbol(258, 0);
        symbols[286] = symbols[287] = DeflateTable.Exception;
        return symbols;
    }

    // RFC 1951, 3.2.5: distances 1 to 32768 in symbols 0 to 29.
    private static uint[] MakeDistanceSymbols()
    {
        var symbols = new uint[32];
        var distance = 1;
        for (var symbol = 0; symbol < 30; symbol++)
        {
            var extraBits = Math.Max(0, (symbol / 2) - 1);
            symbols[symbol] = DeflateTable.Symbol(distance, extraBits);
            distance += 1 << extraBits;
        }

        symbols[30] = symbols[31] = DeflateTable.Exception;
        return symbols;
    }

    private static DeflateTable MakeFixed(int bits, uint[] symbols, byte[] widths)
    {
        var table = new DeflateTable(bits, symbols);
        return table.TryBuild(widths) ? table : throw new InvalidOperationException("A fixed code of deflate is none.");
    }

    // RFC 1951, 3.2.4.
    private static bool TryCopy(ref Cursor cursor, ReadOnlySpan<byte> input, Span<byte> output)
    {
        const int headerBytes = 2 * sizeof(ushort);
        var start = cursor.NextByte;
        if (input.Length - start < headerBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(input[start..]);
        var complement = BinaryPrimitives.ReadUInt16LittleEndian(input[(start + sizeof(ushort))..]);
        start += headerBytes;
        if (length != (ushort)~complement || length > input.Length - start || length > output.Length - cursor.Output)
        {
            return false;
        }

        input.Slice(start, length).CopyTo(output[cursor.Output..]);
        cursor = new() { Input = start + length, Output = cursor.Output + length };
        return true;
    }

    // RFC 1951, 3.2.7.
    private bool TryReadCodes(ref Cursor cursor, ReadOnlySpan<byte> input)
    {
        cursor.Refill(input);
        if (cursor.BitCount < 14)
        {
            return false;
        }

        var lengthCount = cursor.Take(5) + 257;
        var distanceCount = cursor.Take(5) + 1;
        var orderCount = cursor.Take(4) + 4;
        Span<byte> orderedWidths = stackalloc byte[WidthOrder.Length];
        orderedWidths.Clear();
        for (var index = 0; index < orderCount; index++)
        {
            cursor.Refill(input);
            if (cursor.BitCount < 3)
            {
                return false;
            }

            orderedWidths[WidthOrder[index]] = (byte)cursor.Take(3);
        }

        return lengthCount <= 286 && distanceCount <= 30 && codeLengths.TryBuild(orderedWidths)
            && TryReadWidths(ref cursor, input, lengthCount + distanceCount)
            && widths[256] != 0
            && lengths.TryBuild(widths.AsSpan(0, lengthCount))
            && distances.TryBuild(widths.AsSpan(lengthCount, distanceCount));
    }

    private bool TryReadWidths(ref Cursor cursor, ReadOnlySpan<byte> input, int count)
    {
        for (var index = 0; index < count;)
        {
            cursor.Refill(input);
            var entry = codeLengths.Entries[cursor.Bits & ((1 << CodeLengthBits) - 1)];
            var symbol = (int)(entry >> 16);
            var (extraBits, least) = symbol switch { 16 => (2, 3), 17 => (3, 3), 18 => (7, 11), _ => (0, 1) };
            if ((entry & DeflateTable.Exception) != 0 || (int)(entry & 0x3F) + extraBits > cursor.BitCount || (symbol == 16 && index == 0))
            {
                return false;
            }

            cursor.Take((int)(entry & 0x3F));
            var repeats = least + cursor.Take(extraBits);
            if (repeats > count - index)
            {
                return false;
            }

            var width = symbol < 16 ? (byte)symbol : symbol == 16 ? widths[index - 1] : (byte)0;
            widths.AsSpan(index, repeats).Fill(width);
            index += repeats;
        }

        return true;
    }

    private static bool TryDecodeSymbols(ref Cursor cursor, ReadOnlySpan<byte> input, Span<byte> output, DeflateTable lengths, DeflateTable distances)
    {
        var outcome = Symbols.NeedCare;
        if (input.Length >= InputMargin && output.Length >= OutputMargin)
        {
            outcome = DecodeFast(ref cursor, input, output, lengths.Entries, distances.Entries);
        }

        return outcome == Symbols.NeedCare ? TryDecodeCarefully(ref cursor, input, output, lengths.Entries, distances.Entries) : outcome == Symbols.Ended;
    }

    /// <summary>Decodes symbols while neither end is near, so that nothing has to be looked at bit by bit or written byte by byte.</summary>
    private static Symbols DecodeFast(ref Cursor cursor, ReadOnlySpan<byte> input, Span<byte> output, uint[] lengthTable, uint[] distanceTable)
    {
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output);
        ref var lengths = ref MemoryMarshal.GetArrayDataReference(lengthTable);
        ref var distances = ref MemoryMarshal.GetArrayDataReference(distanceTable);
        var inputEnd = input.Length - InputMargin;
        var outputEnd = output.Length - OutputMargin;
        var (bits, bitCount, next, done) = (cursor.Bits, (uint)cursor.BitCount, cursor.Input, cursor.Output);
        var outcome = Symbols.NeedCare;
        while (next <= inputEnd && done <= outputEnd)
        {
            Refill(ref source, ref bits, ref bitCount, ref next);

            // Three literals take 45 bits at most.
            var entry = Unsafe.Add(ref lengths, (nint)(bits & LengthMask));
            if ((int)entry < 0)
            {
                Take(entry, ref bits, ref bitCount);
                Unsafe.Add(ref target, done++) = (byte)(entry >> 16);
                entry = Unsafe.Add(ref lengths, (nint)(bits & LengthMask));
                if ((int)entry < 0)
                {
                    Take(entry, ref bits, ref bitCount);
                    Unsafe.Add(ref target, done++) = (byte)(entry >> 16);
                    entry = Unsafe.Add(ref lengths, (nint)(bits & LengthMask));
                    if ((int)entry < 0)
                    {
                        Take(entry, ref bits, ref bitCount);
                        Unsafe.Add(ref target, done++) = (byte)(entry >> 16);
                        continue;
                    }
                }

                Refill(ref source, ref bits, ref bitCount, ref next);
            }

            // A length and its distance take 48 bits at most.
            if ((entry & DeflateTable.Exception) != 0)
            {
                if ((entry & DeflateTable.SecondTable) != 0)
                {
                    entry = TakeSecond(ref lengths, entry, ref bits, ref bitCount);
                    if ((entry & DeflateTable.Literal) != 0)
                    {
                        Take(entry, ref bits, ref bitCount);
                        Unsafe.Add(ref target, done++) = (byte)(entry >> 16);
                        continue;
                    }
                }

                if ((entry & DeflateTable.Exception) != 0)
                {
                    Take(entry, ref bits, ref bitCount);
                    outcome = (entry & DeflateTable.BlockEnd) != 0 ? Symbols.Ended : Symbols.Wrong;
                    break;
                }
            }

            var length = Value(entry, bits);
            Take(entry, ref bits, ref bitCount);
            entry = Unsafe.Add(ref distances, (nint)(bits & DistanceMask));
            if ((entry & DeflateTable.Exception) != 0)
            {
                if ((entry & DeflateTable.SecondTable) == 0)
                {
                    outcome = Symbols.Wrong;
                    break;
                }

                entry = TakeSecond(ref distances, entry, ref bits, ref bitCount);
            }

            var distance = Value(entry, bits);
            if ((entry & DeflateTable.Exception) != 0 || distance > done)
            {
                outcome = Symbols.Wrong;
                break;
            }

            Take(entry, ref bits, ref bitCount);
            CopyMatch(ref Unsafe.Add(ref target, done), distance, length);
            done += length;
        }

        cursor = new() { Bits = bits, BitCount = (int)(bitCount & 63), Input = next, Output = done };
        return outcome;
    }

    // Reads so many whole bytes that there are at least 56 bits. Of the count only the lowest six bits mean anything: entries are taken off it as they are.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ref byte source, ref ulong bits, ref uint bitCount, ref int next)
    {
        bits |= Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, next)) << (int)bitCount;
        next += 7 - (int)((bitCount >> 3) & 7);
        bitCount |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(uint entry, ref ulong bits, ref uint bitCount)
    {
        bits >>= (int)entry;
        bitCount -= entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TakeSecond(ref uint table, uint entry, ref ulong bits, ref uint bitCount)
    {
        Take(entry, ref bits, ref bitCount);
        return Unsafe.Add(ref table, (nint)((entry >> 16) + (bits & ((1UL << (int)((entry >> 8) & 0xF)) - 1))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Value(uint entry, ulong bits)
    {
        var taken = Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(bits, entry) : bits & ((1UL << (int)entry) - 1);
        return (int)(entry >> 16) + (int)(taken >> (int)(entry >> 8));
    }

    // May write up to fifteen bytes too many.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyMatch(ref byte target, int distance, int length)
    {
        ref var source = ref Unsafe.Subtract(ref target, distance);
        if (distance >= Vector128<byte>.Count)
        {
            // Most matches are shorter than a vector.
            Vector128.LoadUnsafe(ref source).StoreUnsafe(ref target);
            for (var copied = (nuint)Vector128<byte>.Count; copied < (nuint)length; copied += (nuint)Vector128<byte>.Count)
            {
                Vector128.LoadUnsafe(ref source, copied).StoreUnsafe(ref target, copied);
            }
        }
        else if (distance == 1)
        {
            var repeated = Vector128.Create(source);
            for (nuint copied = 0; copied < (nuint)length; copied += (nuint)Vector128<byte>.Count)
            {
                repeated.StoreUnsafe(ref target, copied);
            }
        }
        else if (distance >= sizeof(ulong))
        {
            for (nint copied = 0; copied < length; copied += sizeof(ulong))
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, copied), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, copied)));
            }
        }
        else
        {
            for (nint copied = 0; copied < length; copied++)
            {
                Unsafe.Add(ref target, copied) = Unsafe.Add(ref source, copied);
            }
        }
    }

    private static bool TryDecodeCarefully(ref Cursor cursor, ReadOnlySpan<byte> input, Span<byte> output, uint[] lengthTable, uint[] distanceTable)
    {
        while (true)
        {
            if (!TryTakeSymbol(ref cursor, input, lengthTable, LengthBits, out var entry, out var length))
            {
                return false;
            }

            if ((entry & DeflateTable.BlockEnd) != 0 && (entry & DeflateTable.Exception) != 0)
            {
                return true;
            }

            if (cursor.Output == output.Length || (entry & DeflateTable.Exception) != 0)
            {
                return false;
            }

            if ((entry & DeflateTable.Literal) != 0)
            {
                output[cursor.Output++] = (byte)length;
                continue;
            }

            if (!TryTakeSymbol(ref cursor, input, distanceTable, DistanceBits, out entry, out var distance)
                || (entry & DeflateTable.Exception) != 0 || distance > cursor.Output || length > output.Length - cursor.Output)
            {
                return false;
            }

            for (; length > 0; length--, cursor.Output++)
            {
                output[cursor.Output] = output[cursor.Output - distance];
            }
        }
    }

    private static bool TryTakeSymbol(ref Cursor cursor, ReadOnlySpan<byte> input, uint[] table, int tableBits, out uint entry, out int value)
    {
        cursor.Refill(input);
        entry = table[cursor.Bits & ((1UL << tableBits) - 1)];
        if ((entry & DeflateTable.Exception) != 0 && (entry & DeflateTable.SecondTable) != 0)
        {
            if (cursor.BitCount < tableBits)
            {
                value = 0;
                return false;
            }

            cursor.Take(tableBits);
            entry = table[(entry >> 16) + (cursor.Bits & ((1UL << (int)((entry >> 8) & 0xF)) - 1))];
        }

        var taken = (int)(entry & 0x3F);
        var codeBits = (int)((entry >> 8) & 0xF);
        if (taken > cursor.BitCount)
        {
            value = 0;
            return false;
        }

        value = (int)((entry & ~DeflateTable.Literal) >> 16) + (cursor.Take(taken) >> codeBits);
        return true;
    }

    private enum Symbols
    {
        /// <summary>An end is near.</summary>
        NeedCare,

        /// <summary>The deflate block has ended.</summary>
        Ended,

        /// <summary>Something cannot be so.</summary>
        Wrong,
    }

    /// <summary>Where decoding stands. Bits above <see cref="BitCount"/> are zero or those that come next.</summary>
    private struct Cursor
    {
        public ulong Bits;
        public int BitCount;
        public int Input;
        public int Output;

        /// <summary>The first byte that no bit has been taken of.</summary>
        public readonly int NextByte => Input - (BitCount / 8);

        /// <summary>Reads ahead as many whole bytes as find room; some may be there already.</summary>
        public void Refill(ReadOnlySpan<byte> input)
        {
            for (; BitCount <= 56 && Input < input.Length; BitCount += 8)
            {
                Bits |= (ulong)input[Input++] << BitCount;
            }
        }

        /// <summary>Takes bits that are there.</summary>
        public int Take(int count)
        {
            var taken = (int)(Bits & ((1UL << count) - 1));
            Bits >>= count;
            BitCount -= count;
            return taken;
        }
    }
}

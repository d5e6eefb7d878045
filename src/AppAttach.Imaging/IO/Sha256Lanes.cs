using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AppAttach.Imaging.IO;

/// <summary>
/// SHA-256 (FIPS 180-4, 6.2) of sixteen messages at once, one in each lane of AVX-512 registers. Within one message each round waits for
/// the one before it, also where the processor has instructions for SHA; sixteen side by side take three fifths of the time.
/// </summary>
internal sealed class Sha256Lanes
{
    /// <summary>How many messages are hashed at once.</summary>
    public const int Count = 16;

    /// <summary>What a message's length is a multiple of, in bytes.</summary>
    public const int ChunkBytes = 64;

    /// <summary>Bytes of a hash.</summary>
    public const int HashBytes = 32;

    private const int WordCount = 16;
    private const int LastWord = WordCount - 1;
    private const int StateCount = 8;
    private const int RoundCount = 64;

    // FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    // FIPS 180-4, 5.3.3.
    private static ReadOnlySpan<uint> InitialHash =>
        [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    private static readonly Vector512<byte> BigEndian = Vector512.Create(
        0x00010203u, 0x04050607, 0x08090A0B, 0x0C0D0E0F, 0x00010203, 0x04050607, 0x08090A0B, 0x0C0D0E0F,
        0x00010203, 0x04050607, 0x08090A0B, 0x0C0D0E0F, 0x00010203, 0x04050607, 0x08090A0B, 0x0C0D0E0F).AsByte();

    // A vector that crosses a line of the cache takes twice as long, and the stack does not stand on such lines.
    private readonly Memory<byte> vectors = AlignedMemory.Allocate((StateCount + WordCount) * Vector512<byte>.Count, Vector512<byte>.Count);

    /// <summary>Whether this processor can do it.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>Hashes sixteen messages that stand in one buffer.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="offsets">Where each message starts, <see cref="Count"/> of them; one may be named more than once.</param>
    /// <param name="lengthBytes">Length of each message, a multiple of <see cref="ChunkBytes"/>.</param>
    /// <param name="hashes">Takes the hashes, <see cref="HashBytes"/> each.</param>
    /// <exception cref="ArgumentOutOfRangeException">A message does not lie in the buffer, or its length is none.</exception>
    public void Hash(ReadOnlySpan<byte> buffer, ReadOnlySpan<int> offsets, int lengthBytes, Span<byte> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsets.Length, Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengthBytes % ChunkBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(hashes.Length, Count * HashBytes);
        foreach (var offset in offsets)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, buffer.Length - lengthBytes);
        }

        var state = MemoryMarshal.Cast<byte, Vector512<uint>>(vectors.Span)[..StateCount];
        var words = MemoryMarshal.Cast<byte, Vector512<uint>>(vectors.Span)[StateCount..];
        for (var part = 0; part < StateCount; part++)
        {
            state[part] = Vector512.Create(InitialHash[part]);
        }

        for (var done = 0; done < lengthBytes; done += ChunkBytes)
        {
            Load(ref MemoryMarshal.GetReference(buffer), offsets, done, words);
            Compress(state, words);
        }

        LoadPadding(lengthBytes, words);
        Compress(state, words);
        Store(state, hashes);
    }

    // Word i of all messages comes to stand in vector i.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Load(ref byte buffer, ReadOnlySpan<int> offsets, int done, Span<Vector512<uint>> words)
    {
        var order = BigEndian;
        ref var offset = ref MemoryMarshal.GetReference(offsets);
        buffer = ref Unsafe.Add(ref buffer, done);
        Transpose(ref buffer, ref offset, order, out var a0, out var a1, out var a2, out var a3);
        Transpose(ref buffer, ref Unsafe.Add(ref offset, 4), order, out var b0, out var b1, out var b2, out var b3);
        Transpose(ref buffer, ref Unsafe.Add(ref offset, 8), order, out var c0, out var c1, out var c2, out var c3);
        Transpose(ref buffer, ref Unsafe.Add(ref offset, 12), order, out var d0, out var d1, out var d2, out var d3);
        ref var first = ref MemoryMarshal.GetReference(words);
        Gather(a0, b0, c0, d0, ref first);
        Gather(a1, b1, c1, d1, ref Unsafe.Add(ref first, 1));
        Gather(a2, b2, c2, d2, ref Unsafe.Add(ref first, 2));
        Gather(a3, b3, c3, d3, ref Unsafe.Add(ref first, 3));
    }

    // Four messages: quarter q of vector w holds word 4q + w of each of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref byte buffer, ref int offset, Vector512<byte> order,
        out Vector512<uint> word0, out Vector512<uint> word1, out Vector512<uint> word2, out Vector512<uint> word3)
    {
        var a = LoadOne(ref buffer, offset, order);
        var b = LoadOne(ref buffer, Unsafe.Add(ref offset, 1), order);
        var c = LoadOne(ref buffer, Unsafe.Add(ref offset, 2), order);
        var d = LoadOne(ref buffer, Unsafe.Add(ref offset, 3), order);
        var lowAB = Avx512F.UnpackLow(a, b).AsUInt64();
        var highAB = Avx512F.UnpackHigh(a, b).AsUInt64();
        var lowCD = Avx512F.UnpackLow(c, d).AsUInt64();
        var highCD = Avx512F.UnpackHigh(c, d).AsUInt64();
        word0 = Avx512F.UnpackLow(lowAB, lowCD).AsUInt32();
        word1 = Avx512F.UnpackHigh(lowAB, lowCD).AsUInt32();
        word2 = Avx512F.UnpackLow(highAB, highCD).AsUInt32();
        word3 = Avx512F.UnpackHigh(highAB, highCD).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> LoadOne(ref byte buffer, int offset, Vector512<byte> order) =>
        Avx512BW.Shuffle(Vector512.LoadUnsafe(ref buffer, (nuint)offset), order).AsUInt32();

    // Quarters of the four groups of messages, put together to the vectors of one word each: every fourth of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, ref Vector512<uint> words)
    {
        const byte lowHalves = 0b01_00_01_00;
        const byte highHalves = 0b11_10_11_10;
        const byte evenQuarters = 0b10_00_10_00;
        const byte oddQuarters = 0b11_01_11_01;
        var lowAB = Avx512F.Shuffle4x128(a, b, lowHalves);
        var highAB = Avx512F.Shuffle4x128(a, b, highHalves);
        var lowCD = Avx512F.Shuffle4x128(c, d, lowHalves);
        var highCD = Avx512F.Shuffle4x128(c, d, highHalves);
        words = Avx512F.Shuffle4x128(lowAB, lowCD, evenQuarters);
        Unsafe.Add(ref words, 4) = Avx512F.Shuffle4x128(lowAB, lowCD, oddQuarters);
        Unsafe.Add(ref words, 8) = Avx512F.Shuffle4x128(highAB, highCD, evenQuarters);
        Unsafe.Add(ref words, 12) = Avx512F.Shuffle4x128(highAB, highCD, oddQuarters);
    }

    // FIPS 180-4, 5.1.1: a one bit, zeros, the length in bits. All of it is a chunk of its own, as the message fills whole ones.
    private static void LoadPadding(int lengthBytes, Span<Vector512<uint>> words)
    {
        var lengthBits = (ulong)lengthBytes * 8;
        words.Clear();
        words[0] = Vector512.Create(0x80000000u);
        words[14] = Vector512.Create((uint)(lengthBits >> 32));
        words[15] = Vector512.Create((uint)lengthBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(Span<Vector512<uint>> state, Span<Vector512<uint>> words)
    {
        ref var w = ref MemoryMarshal.GetReference(words);
        ref var k = ref MemoryMarshal.GetReference(RoundConstants);
        var a = state[0];
        var b = state[1];
        var c = state[2];
        var d = state[3];
        var e = state[4];
        var f = state[5];
        var g = state[6];
        var h = state[7];
        EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref w, 0, isGiven: true, ref k);
        EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref w, StateCount, isGiven: true, ref Unsafe.Add(ref k, StateCount));
        for (var round = WordCount; round < RoundCount; round += WordCount)
        {
            ref var constants = ref Unsafe.Add(ref k, round);
            EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref w, 0, isGiven: false, ref constants);
            EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref w, StateCount, isGiven: false, ref Unsafe.Add(ref constants, StateCount));
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // After eight rounds every part of the state is back in its place, so none is ever moved. Each word is computed just before its round: their
    // rotations, of which the processor does one at a time, then stand beside the round's other work instead of behind one another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightRounds(
        ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d,
        ref Vector512<uint> e, ref Vector512<uint> f, ref Vector512<uint> g, ref Vector512<uint> h,
        ref Vector512<uint> w, int place, bool isGiven, ref uint k)
    {
        Round(a, b, c, ref d, e, f, g, ref h, Word(ref w, place, isGiven), k);
        Round(h, a, b, ref c, d, e, f, ref g, Word(ref w, place + 1, isGiven), Unsafe.Add(ref k, 1));
        Round(g, h, a, ref b, c, d, e, ref f, Word(ref w, place + 2, isGiven), Unsafe.Add(ref k, 2));
        Round(f, g, h, ref a, b, c, d, ref e, Word(ref w, place + 3, isGiven), Unsafe.Add(ref k, 3));
        Round(e, f, g, ref h, a, b, c, ref d, Word(ref w, place + 4, isGiven), Unsafe.Add(ref k, 4));
        Round(d, e, f, ref g, h, a, b, ref c, Word(ref w, place + 5, isGiven), Unsafe.Add(ref k, 5));
        Round(c, d, e, ref f, g, h, a, ref b, Word(ref w, place + 6, isGiven), Unsafe.Add(ref k, 6));
        Round(b, c, d, ref e, f, g, h, ref a, Word(ref w, place + 7, isGiven), Unsafe.Add(ref k, 7));
    }

    // FIPS 180-4, 6.2.2, step 3, with the names there: h takes the place of the new a, d that of the new e.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, ref Vector512<uint> d,
        Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, ref Vector512<uint> h, Vector512<uint> word, uint constant)
    {
        const byte choose = 0xCA;
        const byte majority = 0xE8;
        var t = h + Xor(Rotate(e, 6), Rotate(e, 11), Rotate(e, 25)) + Avx512F.TernaryLogic(e, f, g, choose) + (word + Vector512.Create(constant));
        d += t;
        h = t + Xor(Rotate(a, 2), Rotate(a, 13), Rotate(a, 22)) + Avx512F.TernaryLogic(a, b, c, majority);
    }

    // FIPS 180-4, 6.2.2, step 1: a word is one of the message's own, or made of four before it and put in the place of the first of them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Word(ref Vector512<uint> w, int place, bool isGiven)
    {
        ref var word = ref Unsafe.Add(ref w, place);
        if (!isGiven)
        {
            var after = Unsafe.Add(ref w, (place + 1) & LastWord);
            var before = Unsafe.Add(ref w, (place + 14) & LastWord);
            word = word + Unsafe.Add(ref w, (place + 9) & LastWord)
                + Xor(Rotate(after, 7), Rotate(after, 18), after >>> 3)
                + Xor(Rotate(before, 17), Rotate(before, 19), before >>> 10);
        }

        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Rotate(Vector512<uint> value, [ConstantExpected] byte bits) => Avx512F.RotateRight(value, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Xor(Vector512<uint> x, Vector512<uint> y, Vector512<uint> z)
    {
        const byte exclusiveOr = 0x96;
        return Avx512F.TernaryLogic(x, y, z, exclusiveOr);
    }

    private static void Store(ReadOnlySpan<Vector512<uint>> state, Span<byte> hashes)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            for (var part = 0; part < StateCount; part++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(hashes[((lane * HashBytes) + (part * sizeof(uint)))..], state[part].GetElement(lane));
            }
        }
    }
}

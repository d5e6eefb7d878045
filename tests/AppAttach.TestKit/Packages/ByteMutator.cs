namespace AppAttach.TestKit.Packages;

/// <summary>Breaks bytes at random places, without knowing what they mean. The same random numbers break them the same way.</summary>
public static class ByteMutator
{
    private const int LongestSpan = 8;

    /// <summary>Makes one to three changes: a byte, a bit, a span filled, removed, doubled or copied elsewhere.</summary>
    /// <param name="original">The bytes; left as they are.</param>
    /// <param name="random">Where and what.</param>
    /// <param name="first">First byte that may change.</param>
    /// <param name="tail">Half of the changes go to so many last bytes, where an archive has its directory; 0 for none.</param>
    /// <returns>A changed copy.</returns>
    public static byte[] Mutate(byte[] original, Random random, int first = 0, int tail = 0)
    {
        var bytes = (byte[])original.Clone();
        for (var count = random.Next(1, 4); count > 0 && bytes.Length > first + LongestSpan; count--)
        {
            var at = tail == 0 || random.Next(2) == 0
                ? random.Next(first, bytes.Length)
                : Math.Max(first, bytes.Length - 1 - random.Next(tail));
            bytes = Change(bytes, random, at, random.Next(1, Math.Min(LongestSpan + 1, bytes.Length - at + 1)));
        }

        return bytes;
    }

    private static byte[] Change(byte[] bytes, Random random, int at, int length)
    {
        switch (random.Next(6))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 255));
                return bytes;
            case 3:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 4:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at, length), .. bytes.AsSpan(at)];
            default:
                bytes.AsSpan(random.Next(bytes.Length - length), length).CopyTo(bytes.AsSpan(at));
                return bytes;
        }
    }
}

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Bits of NTFS bitmaps: bit 0 of byte 0 is the first.</summary>
internal static class BitRun
{
    private const int BitsPerByte = 8;

    /// <summary>Sets bits.</summary>
    /// <param name="target">The bitmap.</param>
    /// <param name="first">The first bit.</param>
    /// <param name="end">The bit behind the last.</param>
    public static void Set(Span<byte> target, long first, long end)
    {
        for (; first < end && first % BitsPerByte != 0; first++)
        {
            SetOne(target, first);
        }

        var wholeEnd = end / BitsPerByte * BitsPerByte;
        if (first < wholeEnd)
        {
            target[(int)(first / BitsPerByte)..(int)(wholeEnd / BitsPerByte)].Fill(byte.MaxValue);
            first = wholeEnd;
        }

        for (; first < end; first++)
        {
            SetOne(target, first);
        }
    }

    /// <summary>Clears bits.</summary>
    /// <param name="target">The bitmap.</param>
    /// <param name="first">The first bit.</param>
    /// <param name="end">The bit behind the last.</param>
    public static void Clear(Span<byte> target, long first, long end)
    {
        for (; first < end; first++)
        {
            target[(int)(first / BitsPerByte)] &= (byte)~(1 << (int)(first % BitsPerByte));
        }
    }

    private static void SetOne(Span<byte> target, long bit) =>
        target[(int)(bit / BitsPerByte)] |= (byte)(1 << (int)(bit % BitsPerByte));
}

namespace AppAttach.Imaging.Packages;

/// <summary>Names that Windows takes for devices in any folder, alone or followed by a dot and anything.</summary>
internal static class DeviceName
{
    /// <summary>Whether a segment of a path is such a name, in any case.</summary>
    public static bool Matches(ReadOnlySpan<char> segment)
    {
        var dot = segment.IndexOf('.');
        var stem = dot < 0 ? segment : segment[..dot];
        return stem.Length switch
        {
            3 => Is(stem, "con") || Is(stem, "prn") || Is(stem, "aux") || Is(stem, "nul"),
            4 => (Is(stem[..3], "com") || Is(stem[..3], "lpt")) && stem[3] is >= '1' and <= '9',
            _ => false,
        };
    }

    private static bool Is(ReadOnlySpan<char> left, ReadOnlySpan<char> right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}

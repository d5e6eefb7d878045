namespace AppAttach.Fuzzing.Mutations;

/// <summary>Names that no package should get away with, or that only just may.</summary>
internal static class NameMutator
{
    private static readonly string[] Segments =
    [
        "..", ".", "", "con", "NUL.txt", "com1", "COM%C2%B9.dat", "lpt9.", "aux%20", "conin$", "a.", "a%20", "a:b", "C:", "a|b", "a*b", "a%00b", "a%0Ab", "a%2Fb", "a%5Cb", "a\\b",
        "%2E%2E", "%", "%4", "%zz", "%ED%A0%80", "%C3%28", "%EF%BF%BF", "%EF%BF%BE", "%E2%84%AA", "%C4%B0", "%C4%B1", "%C3%9F", "%E1%BA%9E", "%C7%84", "%C7%85", "%F0%90%90%80",
        "%F0%90%90%A8", "xn--a", "_rels", "a.rels", "AppxMetadata", "appxmetadata", "CodeIntegrity.cat", "AppxBundleManifest.xml", "Microsoft.System.Package.Metadata",
        "appxmanifest.xml", "AppxManifest.xml", "AppxBlockMap.xml", "AppxSignature.p7x", "[Content_Types].xml", "[content_types].xml", "System%20Volume%20Information", "$MFT", "desktop.ini",
        "~", "-", "a", "A", "b.txt", "CLOCK$",
    ];

    /// <summary>A name, made from another one or from nothing.</summary>
    public static string Mutate(string name, Random random)
    {
        var segment = Segments[random.Next(Segments.Length)];
        return random.Next(14) switch
        {
            0 => $"../{name}",
            1 => $"/{name}",
            2 => $"{name}/",
            3 => $"{segment}/{name}",
            4 => $"{name}/{segment}",
            5 => Twin(name),
            6 => name + segment,
            7 => string.Concat(Enumerable.Repeat("a/", random.Next(2) == 0 ? 1_023 + random.Next(3) : random.Next(16_383))) + "a",
            8 => new string('a', 254 + random.Next(48)),
            9 => name.Replace('/', '\\'),
            10 => name.Length > 0 ? name.Remove(random.Next(name.Length)) : segment,
            11 => name + (char)random.Next(1, 256),
            _ => segment,
        };
    }

    /// <summary>The same name in the other case.</summary>
    public static string Twin(string name) =>
        string.Concat(name.Select(character => char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character)));
}

namespace AppAttach.Imaging.Packages;

/// <summary>Makes the exceptions of this folder, so that each place of use is one line.</summary>
internal static class Invalid
{
    public static InvalidInputException Zip(string message, Exception? inner = null) => new(Defect.ZipCorrupt, message, inner);

    public static InvalidInputException BlockMap(string message, Exception? inner = null) => new(Defect.BlockmapInvalid, message, inner);

    public static InvalidInputException Manifest(string message, Exception? inner = null) => new(Defect.ManifestInvalid, message, inner);

    public static InvalidInputException Bundle(string message) => new(Defect.BundleInvalid, message);

    public static InvalidInputException Name(string message) => new(Defect.UnsafeName, message);

    public static InvalidInputException Limit(string what, long value, long limit) =>
        new(Defect.LimitExceeded, FormattableString.Invariant($"{what}: {value}, the limit is {limit}."));

    /// <summary>A name of the package's choosing as it may stand in a message: shortened, and without control characters.</summary>
    public static string Quote(string name)
    {
        const int longest = 120;
        var shortened = name.Length <= longest ? name : string.Concat(name.AsSpan(0, longest), "…");
        return string.Create(shortened.Length + 2, shortened, static (target, text) =>
        {
            target[0] = '\'';
            for (var index = 0; index < text.Length; index++)
            {
                target[index + 1] = char.IsControl(text[index]) || char.IsSurrogate(text[index]) ? '\uFFFD' : text[index];
            }

            target[^1] = '\'';
        });
    }
}

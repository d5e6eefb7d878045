using System.Globalization;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>A <see cref="BundleEntry"/> while its element is being read.</summary>
internal sealed class BundleEntryBuilder(PackageLimits limits)
{
    private const int LongestSubtag = 8;

    private readonly List<string> languages = [];
    private readonly List<int> scales = [];
    private readonly List<string> levels = [];
    private readonly List<string> families = [];
    private int resources;

    public required BundledPackageType Type { get; init; }

    public required Version Version { get; init; }

    public required string Architecture { get; init; }

    public required string ResourceId { get; init; }

    public required string FileName { get; init; }

    public required long? OffsetBytes { get; init; }

    public required long? SizeBytes { get; init; }

    public required bool IsStub { get; init; }

    public bool HasDefaultResources { get; set; }

    /// <summary>Adds a <c>Resource</c> element, which may have any of the three attributes.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ManifestInvalid"/> or a limit.</exception>
    public void AddResource(string? language, string? scale, string? level)
    {
        if (++resources > limits.BundledResources)
        {
            throw Invalid.Limit($"Number of resources of {Invalid.Quote(FileName)}", resources, limits.BundledResources);
        }

        if (language is not null)
        {
            languages.Add(IsLanguage(language) ? language : throw Fault("language", language));
        }

        if (scale is not null)
        {
            var isScale = ushort.TryParse(scale, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0;
            scales.Add(isScale ? number : throw Fault("scale", scale));
        }

        if (level is not null)
        {
            levels.Add(level.StartsWith("dx", StringComparison.OrdinalIgnoreCase) ? level.ToLowerInvariant() : throw Fault("DirectX feature level", level));
        }
    }

    /// <summary>Adds a <c>TargetDeviceFamily</c>.</summary>
    /// <exception cref="InvalidInputException">A limit.</exception>
    public void AddDeviceFamily(string name)
    {
        families.Add(name);
        if (families.Count > limits.BundledResources)
        {
            throw Invalid.Limit($"Number of device families of {Invalid.Quote(FileName)}", families.Count, limits.BundledResources);
        }
    }

    /// <summary>The entry.</summary>
    public BundleEntry Build() => new()
    {
        Type = Type,
        Version = Version,
        Architecture = Architecture,
        ResourceId = ResourceId,
        FileName = FileName,
        OffsetBytes = OffsetBytes,
        SizeBytes = SizeBytes,
        Languages = languages,
        Scales = scales,
        DirectXLevels = levels,
        DeviceFamilies = families,
        IsStub = IsStub,
        HasDefaultResources = HasDefaultResources,
    };

    // The form of xs:language: subtags of one to eight letters or digits, the first of letters.
    private static bool IsLanguage(string text)
    {
        var subtags = text.Split('-');
        return subtags[0].All(char.IsAsciiLetter) &&
            subtags.All(subtag => subtag.Length is > 0 and <= LongestSubtag && subtag.All(char.IsAsciiLetterOrDigit));
    }

    private InvalidInputException Fault(string what, string value) =>
        Invalid.Manifest($"The bundle manifest gives {Invalid.Quote(FileName)} the {what} {Invalid.Quote(value)}, which is none.");
}

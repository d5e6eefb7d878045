namespace AppAttach.Imaging.Bundles;

/// <summary>One <c>Package</c> element of a bundle manifest, checked by itself.</summary>
public sealed record BundleEntry
{
    /// <summary>Application or resource package.</summary>
    public required BundledPackageType Type { get; init; }

    /// <summary>Version of the package; each in a bundle may have another.</summary>
    public required Version Version { get; init; }

    /// <summary>Processor architecture in lower case; <c>neutral</c> where none is given.</summary>
    public required string Architecture { get; init; }

    /// <summary>Resource id, or empty.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Path of the package inside the bundle, segments separated by <c>/</c>, or its name beside a flat bundle. Safe on Windows and below its folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Offset in the bundle of the package's first byte; null where none is given, as in flat bundles.</summary>
    public required long? OffsetBytes { get; init; }

    /// <summary>Size of the package, in bytes; null where none is given.</summary>
    public required long? SizeBytes { get; init; }

    /// <summary>Languages it has resources for, as written (BCP 47).</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>Scales of display it has resources for, in percent.</summary>
    public required IReadOnlyList<int> Scales { get; init; }

    /// <summary>DirectX feature levels it has resources for, in lower case, such as <c>dx11</c>.</summary>
    public required IReadOnlyList<string> DirectXLevels { get; init; }

    /// <summary>Names of device families it is for; empty where none is given (before 2018), which means that only its own manifest says.</summary>
    public required IReadOnlyList<string> DeviceFamilies { get; init; }

    /// <summary>Whether it is a small stand-in for the full package of the same architecture (since 2019).</summary>
    public required bool IsStub { get; init; }

    /// <summary>Whether it holds the default resources, which are needed wherever the application is (since 2016).</summary>
    public required bool HasDefaultResources { get; init; }

    /// <summary>Whether it says for which languages, scales or feature levels it is; one that does not is needed everywhere.</summary>
    public bool IsQualified => Languages.Count + Scales.Count + DirectXLevels.Count > 0;
}

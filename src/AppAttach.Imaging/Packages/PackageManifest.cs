namespace AppAttach.Imaging.Packages;

/// <summary>What <c>AppxManifest.xml</c> says, as far as anything here needs it.</summary>
public sealed record PackageManifest
{
    /// <summary>Who the package is.</summary>
    public required PackageIdentity Identity { get; init; }

    /// <summary>What the package is for.</summary>
    public required PackageKind Kind { get; init; }

    /// <summary>Display name; may be a reference to a resource (<c>ms-resource:…</c>), and empty where the manifest gives none.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Publisher's display name; the same holds.</summary>
    public required string PublisherDisplayName { get; init; }

    /// <summary>Device families; empty only in a manifest made for Windows 8, which knew none.</summary>
    public required IReadOnlyList<TargetDeviceFamily> TargetDeviceFamilies { get; init; }

    /// <summary>Lowest Windows version of a manifest made for Windows 8 (<c>Prerequisites/OSMinVersion</c>), else null.</summary>
    public required Version? MinWindowsVersion { get; init; }

    /// <summary>Lowest Windows version that a PC or session host must have, or null if the package is for no PC at all.</summary>
    public Version? MinimumWindows => TargetDeviceFamilies
        .Where(family => family.Name is "Windows.Desktop" or "Windows.Universal")
        .Select(family => family.MinVersion)
        .Min() ?? MinWindowsVersion;

    /// <summary>Framework packages it needs.</summary>
    public required IReadOnlyList<PackageDependency> Dependencies { get; init; }

    /// <summary>Main packages that it, an optional package, adds to.</summary>
    public required IReadOnlyList<PackageDependency> MainPackages { get; init; }

    /// <summary>Names of capabilities it asks for.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Its applications.</summary>
    public required IReadOnlyList<PackageApplication> Applications { get; init; }
}

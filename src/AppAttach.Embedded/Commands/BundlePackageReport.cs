using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Packages;

namespace AppAttach.Embedded.Commands;

/// <summary>One package in the report on a bundle.</summary>
/// <param name="FileName">Path in the bundle, or name beside it.</param>
/// <param name="FullName">Package full name.</param>
/// <param name="Type">Application or resource package.</param>
/// <param name="Architecture">Processor architecture.</param>
/// <param name="Languages">Languages it has resources for.</param>
/// <param name="Scales">Scales it has resources for, in percent.</param>
/// <param name="DirectXLevels">DirectX feature levels it has resources for.</param>
/// <param name="DeviceFamilies">Device families the bundle names for it.</param>
/// <param name="IsStub">Whether it stands for a full package.</param>
/// <param name="MinimumWindows">Lowest Windows version it declares.</param>
/// <param name="Applications">Its applications.</param>
/// <param name="Dependencies">Packages it needs, each with its lowest version.</param>
/// <param name="Capabilities">What it asks for.</param>
/// <param name="IsBeside">Whether it is a file beside the bundle.</param>
/// <param name="FileCount">Number of files it lays down.</param>
/// <param name="ContentBytes">Sum of their sizes, in bytes.</param>
/// <param name="PackedBytes">Length of the package, in bytes.</param>
/// <param name="IsSigned">Whether there is a signature in it.</param>
/// <param name="Digest">SHA-256 of the package after every block was checked; null if content was not read.</param>
internal sealed record BundlePackageReport(
    string FileName,
    string FullName,
    string Type,
    string Architecture,
    IReadOnlyList<string> Languages,
    IReadOnlyList<int> Scales,
    IReadOnlyList<string> DirectXLevels,
    IReadOnlyList<string> DeviceFamilies,
    bool IsStub,
    string? MinimumWindows,
    IReadOnlyList<PackageApplication> Applications,
    IReadOnlyList<string> Dependencies,
    IReadOnlyList<string> Capabilities,
    bool IsBeside,
    int FileCount,
    long ContentBytes,
    long PackedBytes,
    bool IsSigned,
    string? Digest)
{
    /// <summary>Describes a package, and reads and checks its content if asked to.</summary>
    /// <param name="bundled">The package.</param>
    /// <param name="full">Whether to read all content.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="Imaging.InvalidInputException">The package is broken.</exception>
    public static BundlePackageReport Of(BundledPackage bundled, bool full, CancellationToken cancellationToken)
    {
        var package = bundled.Open();
        var entry = bundled.Entry;
        string? digest = null;
        if (full)
        {
            using var content = package.ReadContent(cancellation: cancellationToken);
            content.ReadToEnd();
            digest = Convert.ToHexStringLower(content.PackageDigest.Span);
        }

        return new(
            entry.FileName,
            bundled.Identity.FullName,
            entry.Type.ToString(),
            entry.Architecture,
            entry.Languages,
            entry.Scales,
            entry.DirectXLevels,
            entry.DeviceFamilies,
            entry.IsStub,
            package.Manifest.MinimumWindows?.ToString(),
            package.Manifest.Applications,
            [.. package.Manifest.Dependencies.Select(dependency => $"{dependency.Name} {dependency.MinVersion}")],
            package.Manifest.Capabilities,
            bundled.IsBeside,
            package.Files.Count,
            package.ContentSizeBytes,
            package.PackedSizeBytes,
            package.IsSigned,
            digest);
    }
}

using AppAttach.Imaging.Bundles;

namespace AppAttach.Embedded.Commands;

/// <summary>What <c>appattach inspect --json</c> writes about a bundle.</summary>
/// <param name="FullName">Full name of the bundle.</param>
/// <param name="FamilyName">Package family name.</param>
/// <param name="Name">Name of the identity.</param>
/// <param name="Publisher">Publisher of the identity, a distinguished name.</param>
/// <param name="Version">Version of the bundle, four numbers; its packages have their own.</param>
/// <param name="Kind">Always <c>Bundle</c>, where a package's report has the package's kind.</param>
/// <param name="IsFlat">Whether packages lie beside the bundle.</param>
/// <param name="Packages">Its packages.</param>
/// <param name="OptionalBundles">Bundles of optional packages that it names, each with its version or null.</param>
/// <param name="PackedBytes">Length of the bundle's own file, in bytes.</param>
/// <param name="IsSigned">Whether there is a signature; what it is worth is said with the report, not in it.</param>
/// <param name="Digest">SHA-256 of the bundle's own file after every block of every package was checked; null if content was not read.</param>
internal sealed record BundleReport(
    string FullName,
    string FamilyName,
    string Name,
    string Publisher,
    string Version,
    string Kind,
    bool IsFlat,
    IReadOnlyList<BundlePackageReport> Packages,
    IReadOnlyList<OptionalBundleReport> OptionalBundles,
    long PackedBytes,
    bool IsSigned,
    string? Digest)
{
    /// <summary>Describes a bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="packages">Its packages.</param>
    /// <param name="digest">SHA-256 of its file, if it was read.</param>
    public static BundleReport Of(Bundle bundle, IReadOnlyList<BundlePackageReport> packages, string? digest) => new(
        bundle.Identity.FullName,
        bundle.Identity.FamilyName,
        bundle.Identity.Name,
        bundle.Identity.Publisher,
        bundle.Identity.Version.ToString(),
        nameof(Bundle),
        bundle.IsFlat,
        packages,
        [.. bundle.Manifest.OptionalBundles.Select(optional => new OptionalBundleReport(optional.Name, optional.Publisher, optional.Version?.ToString()))],
        bundle.PackedSizeBytes,
        bundle.IsSigned,
        digest);
}

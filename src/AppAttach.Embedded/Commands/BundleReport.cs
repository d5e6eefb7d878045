using AppAttach.Imaging.Bundles;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;

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
/// <param name="Signature">What the signatures of the bundle and its packages are worth.</param>
/// <param name="Digest">SHA-256 of the bundle's own file after every block of every package was checked; null if content was not read.</param>
/// <param name="Refusals">Why the bundle is refused, every reason with its code; empty: it is accepted.</param>
/// <param name="Notes">What the reader should know besides, warnings first; which packages are taken for hosts is among it.</param>
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
    SignatureReport Signature,
    string? Digest,
    IReadOnlyList<Rejection> Refusals,
    IReadOnlyList<PackageNote> Notes)
{
    /// <summary>Describes a bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="packages">Its packages.</param>
    /// <param name="digest">SHA-256 of its file, if it was read.</param>
    /// <param name="verdict">What the policy says.</param>
    public static BundleReport Of(Bundle bundle, IReadOnlyList<BundlePackageReport> packages, string? digest, PackageVerdict verdict) => new(
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
        SignatureReport.Of(bundle.IsSigned, verdict.Signature),
        digest,
        verdict.Refusals,
        verdict.Notes);
}

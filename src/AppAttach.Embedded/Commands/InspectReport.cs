using AppAttach.Imaging.Packages;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Commands;

/// <summary>What <c>appattach inspect --json</c> writes.</summary>
/// <param name="FullName">Package full name.</param>
/// <param name="FamilyName">Package family name.</param>
/// <param name="Name">Name of the identity.</param>
/// <param name="Publisher">Publisher of the identity, a distinguished name.</param>
/// <param name="Version">Version, four numbers.</param>
/// <param name="Architecture">Processor architecture.</param>
/// <param name="ResourceId">Resource id; empty for none.</param>
/// <param name="Kind">Application, framework, resource or optional package.</param>
/// <param name="DisplayName">Name for people; may be a reference to a resource.</param>
/// <param name="PublisherDisplayName">Publisher for people; may be a reference to a resource.</param>
/// <param name="MinimumWindows">Lowest Windows version it declares.</param>
/// <param name="Applications">Its applications.</param>
/// <param name="Dependencies">Packages it needs, each with its lowest version.</param>
/// <param name="Capabilities">What it asks for.</param>
/// <param name="FileCount">Number of files it lays down.</param>
/// <param name="ContentBytes">Sum of their sizes, in bytes.</param>
/// <param name="PackedBytes">Length of the package, in bytes.</param>
/// <param name="Signature">What the signature is worth.</param>
/// <param name="Digest">SHA-256 of the package after every block was checked; null if content was not read.</param>
/// <param name="Refusals">Why the package is refused, every reason with its code; empty: it is accepted.</param>
/// <param name="Notes">What the reader should know besides, warnings first.</param>
internal sealed record InspectReport(
    string FullName,
    string FamilyName,
    string Name,
    string Publisher,
    string Version,
    string Architecture,
    string ResourceId,
    string Kind,
    string DisplayName,
    string PublisherDisplayName,
    string? MinimumWindows,
    IReadOnlyList<PackageApplication> Applications,
    IReadOnlyList<string> Dependencies,
    IReadOnlyList<string> Capabilities,
    int FileCount,
    long ContentBytes,
    long PackedBytes,
    SignatureReport Signature,
    string? Digest,
    IReadOnlyList<Rejection> Refusals,
    IReadOnlyList<PackageNote> Notes)
{
    /// <summary>Describes a package.</summary>
    /// <param name="package">The package.</param>
    /// <param name="digest">SHA-256 of the file, if its content was checked.</param>
    /// <param name="verdict">What the policy says.</param>
    /// <returns>The report.</returns>
    public static InspectReport Of(Package package, string? digest, PackageVerdict verdict)
    {
        var manifest = package.Manifest;
        var identity = package.Identity;
        return new InspectReport(
            identity.FullName,
            identity.FamilyName,
            identity.Name,
            identity.Publisher,
            identity.Version.ToString(),
            identity.Architecture,
            identity.ResourceId,
            manifest.Kind.ToString(),
            manifest.DisplayName,
            manifest.PublisherDisplayName,
            manifest.MinimumWindows?.ToString(),
            manifest.Applications,
            [.. manifest.Dependencies.Select(dependency => $"{dependency.Name} {dependency.MinVersion}")],
            manifest.Capabilities,
            package.Files.Count,
            package.ContentSizeBytes,
            package.PackedSizeBytes,
            SignatureReport.Of(package.IsSigned, verdict.Signature),
            digest,
            verdict.Refusals,
            verdict.Notes);
    }
}

using System.Security.Cryptography;
using AppAttach.Contracts;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Manifests;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Conversion;

/// <summary>What to convert.</summary>
/// <param name="InstanceId">Instance id of the publishing.</param>
/// <param name="Drop">The dropped package.</param>
/// <param name="Package">The package as it was verified.</param>
public sealed record ConvertPackageInput(string InstanceId, PackageDrop Drop, PackageReference Package);

/// <summary>The image, or why there is none.</summary>
/// <param name="Image">The image in the hub; null if the package is refused.</param>
/// <param name="Rejection">Why the package is refused; null: it is not.</param>
public sealed record ConvertPackageResult(ImageDescription? Image, Rejection? Rejection);

/// <summary>
/// Reads the package once, front to back, checks every block and writes the image meanwhile. The image becomes visible only after
/// the last check, and only for the content that has claimed the package's full name.
/// </summary>
/// <param name="inbox">Where the package lies.</param>
/// <param name="images">The hub.</param>
/// <param name="catalog">Holds the releases.</param>
/// <param name="gate">Holds the package to the deployment's policy once all of it has been read.</param>
/// <param name="options">The root folder, and how finished images are checked.</param>
/// <param name="clock">The clock.</param>
public sealed class ConvertPackageActivity(
    IPackageInbox inbox,
    IImageStore images,
    ICatalog catalog,
    PackageGate gate,
    PipelineOptions options,
    TimeProvider clock) : IActivity<ConvertPackageInput, ConvertPackageResult>
{
    /// <summary>How many of a checker's findings an error names; the checker itself is <c>appattach verify</c>.</summary>
    private const int FindingsNamed = 3;

    /// <inheritdoc/>
    public Task<ConvertPackageResult> RunAsync(ConvertPackageInput input, CancellationToken cancellationToken) => input.Drop.OrRefusalAsync(
        inbox, () => ConvertAsync(input, cancellationToken), rejection => new ConvertPackageResult(null, rejection), cancellationToken);

    private async Task<ConvertPackageResult> ConvertAsync(ConvertPackageInput input, CancellationToken cancellationToken)
    {
        var imageName = input.Package.FullName + ".vhdx";
        var (baseName, baseImage) = await new BaseImages(images, catalog, options).FindAsync(input.Package, cancellationToken);
        await using var stream = await inbox.OpenAsync(input.Drop, cancellationToken);
        using var file = gate.Open(stream);
        await using var upload = await images.CreateAsync(imageName, cancellationToken);
        var manifestName = imageName + ImageManifest.NameSuffix;
        await using var manifest = await images.CreateAsync(manifestName, cancellationToken);
        var (written, files) = await PackageOrBundle.WriteImageAsync(
            [file],
            new ImageOptions { RootFolder = options.RootFolder, Base = baseImage },
            upload.Stream,
            manifest.Stream,
            gate,
            clock.GetUtcNow(),
            judgesFirst: false,
            cancellationToken);
        var (packageDigest, verdict) = files[0];
        var image = new ImageDescription(
            imageName, written.Digest, written.FileLengthBytes, "vhdx", options.RootFolder, written.FileCount, written.ContentBytes, manifestName);

        // The claim comes before the commit: of two packages with one full name and different content, one gets no further than this.
        var release = await catalog.UpdateAsync<ReleaseRecord>(
            DocumentKinds.Releases,
            input.Package.FullName,
            current => current ?? new ReleaseRecord
            {
                Package = input.Package, PackageDigest = packageDigest, Base = baseName, ClaimedAt = clock.GetUtcNow(),
                Needs = NeedsOf(file.Main.Manifest, verdict.Signature),
            },
            cancellationToken);
        if (release.PackageDigest != packageDigest)
        {
            return new ConvertPackageResult(null, new Rejection(
                ErrorCodes.VersionConflict,
                $"{input.Package.FullName} was published before with other content (SHA-256 {release.PackageDigest}; this file has {packageDigest}). "
                + "Give the changed package a new version."));
        }

        if (release.Image is null && release.Base != baseName)
        {
            throw new InvalidOperationException(
                $"The image of {input.Package.FullName} is being made after another one ({release.Base ?? "none"}); the next attempt does so as well.");
        }

        // Published before: the image in the hub is this very one, and hosts may have its copies mounted.
        if (release.Image is null)
        {
            // In this order: an image is never there without its manifest, and a manifest alone harms nobody.
            await manifest.CommitAsync(cancellationToken);
            await upload.CommitAsync(cancellationToken);
            await CheckAsync(imageName, file.Packages, cancellationToken);
            release = await catalog.UpdateAsync<ReleaseRecord>(
                DocumentKinds.Releases,
                input.Package.FullName,
                current => current?.PackageDigest == packageDigest && (current.Image is not null || current.Base == baseName)
                    ? current with { Image = current.Image ?? image, ConvertedAt = current.Image is null ? clock.GetUtcNow() : current.ConvertedAt }
                    : throw new InvalidOperationException(
                        $"The release of {input.Package.FullName} was deleted or changed in the catalog while its image was made."),
                cancellationToken);
        }

        await RecordAsync(input, verdict.Notes, cancellationToken);
        return new ConvertPackageResult(release.Image, null);
    }

    private static ReleaseNeeds NeedsOf(PackageManifest manifest, SignatureVerdict signature) => new(
        manifest.MinimumWindows?.ToString(),
        [.. manifest.Dependencies.Select(needed => new FrameworkReference(needed.FamilyName, needed.MinVersion?.ToString() ?? "0.0.0.0"))])
    {
        SelfSignedBy = signature.Chain is [var signer] && signer.SubjectName.RawData.AsSpan().SequenceEqual(signer.IssuerName.RawData)
            ? signer.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()
            : null,
    };

    // In the hub already, and not released yet: what is looked at is what regions will copy.
    private async Task CheckAsync(string imageName, IReadOnlyList<Package> packages, CancellationToken cancellationToken)
    {
        if (options.ImageCheck == ImageCheck.Off)
        {
            return;
        }

        CheckReport report;
        await using (var image = await images.OpenAsync(imageName, cancellationToken)
            ?? throw new InvalidOperationException($"The image {imageName} is not in the hub although it was just written."))
        {
            report = await Task.Run(
                () => ImageChecker.CheckAgainst(
                    image, options.ImageCheck == ImageCheck.Full ? packages : [], new CheckOptions { RootFolder = options.RootFolder }),
                cancellationToken);
        }

        if (!report.IsSound)
        {
            await images.DeleteAsync(imageName, cancellationToken);
            await images.DeleteAsync(imageName + ImageManifest.NameSuffix, cancellationToken);
            throw new InvalidOperationException(
                $"The image {imageName} was not sound when it was read back, and was removed: {string.Join(' ', report.Findings.Take(FindingsNamed))}");
        }
    }

    private async Task RecordAsync(ConvertPackageInput input, IReadOnlyList<PackageNote> notes, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await catalog.UpdateAsync<PackageRecord>(
            DocumentKinds.Packages,
            input.InstanceId,
            current => (current ?? PackageRecord.Begin(input.InstanceId, input.Drop, now)) with
            {
                State = PackageState.Replicating, Package = input.Package, Notes = notes, UpdatedAt = now,
            },
            cancellationToken);
    }
}

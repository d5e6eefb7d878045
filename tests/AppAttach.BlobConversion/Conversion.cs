using AppAttach.Azure.Blobs;
using AppAttach.Azure.Files;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Conversion;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;

namespace AppAttach.BlobConversion;

/// <summary>The pipeline's own activities over the blob adapters, for packages that nobody signed.</summary>
internal static class Conversion
{
    /// <summary>Verifies a package and makes its image.</summary>
    /// <param name="drop">The package.</param>
    /// <param name="verified">Where it is read to be verified.</param>
    /// <param name="converted">Where it is read to be converted.</param>
    /// <param name="images">Takes the image.</param>
    /// <param name="catalog">Takes the records.</param>
    /// <returns>The image, or why there is none.</returns>
    /// <exception cref="InvalidOperationException">The package was refused before it came to a conversion.</exception>
    public static async Task<ConvertPackageResult> RunAsync(
        PackageDrop drop, IPackageInbox verified, IPackageInbox converted, BlobImageStore images, BlobCatalog catalog)
    {
        var gate = new PackageGate(new PackagePolicy { Signature = SignatureMode.Ignore });
        var verdict = await new VerifyPackageActivity(verified, catalog, new FileShareRegionalShares([]), gate, TimeProvider.System)
            .RunAsync(new VerifyPackageInput("publish-1", drop), CancellationToken.None);
        return await new ConvertPackageActivity(converted, images, catalog, gate, new PipelineOptions { Pools = [] }, TimeProvider.System).RunAsync(
            new ConvertPackageInput("publish-1", drop, verdict.Package ?? throw new InvalidOperationException($"The package was refused: {verdict.Rejection}")),
            CancellationToken.None);
    }
}

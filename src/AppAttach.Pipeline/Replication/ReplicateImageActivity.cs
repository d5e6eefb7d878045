using AppAttach.Imaging.Deltas;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Replication;

/// <summary>What to copy where.</summary>
/// <param name="Region">The region.</param>
/// <param name="Image">The image in the hub.</param>
public sealed record ReplicateImageInput(string Region, ImageDescription Image);

/// <summary>The copy.</summary>
/// <param name="Copy">Where it is, and when its hash was compared.</param>
public sealed record ReplicateImageResult(RegionCopy Copy);

/// <summary>
/// Makes sure that one region holds a verified copy of an image. Where it holds one of the release before, only what that does not have travels.
/// </summary>
/// <param name="shares">The regions' shares.</param>
/// <param name="images">The hub.</param>
/// <param name="catalog">Holds the releases.</param>
/// <param name="clock">The clock.</param>
public sealed class ReplicateImageActivity(IRegionalShares shares, IImageStore images, ICatalog catalog, TimeProvider clock)
    : IActivity<ReplicateImageInput, ReplicateImageResult>
{
    /// <inheritdoc/>
    public async Task<ReplicateImageResult> RunAsync(ReplicateImageInput input, CancellationToken cancellationToken)
    {
        var (previous, travelBytes) = await FindPreviousAsync(input, cancellationToken);
        var image = input.Image;
        var path = await shares.Get(input.Region).CopyAsync(image.Name, image.Digest, image.SizeBytes, previous, cancellationToken);
        return new ReplicateImageResult(new RegionCopy(input.Region, path, clock.GetUtcNow(), previous?.ImageName, travelBytes));
    }

    /// <summary>Without a previous copy, or without what it takes to use it, the image is copied whole: nothing of this may keep a release back.</summary>
    private async Task<(PreviousCopy? Copy, long? TravelBytes)> FindPreviousAsync(ReplicateImageInput input, CancellationToken cancellationToken)
    {
        try
        {
            var release = await FindReleaseAsync(input.Image.Name, cancellationToken);
            var previous = release is null || input.Image.Manifest is null ? null : await catalog.FindPreviousReleaseAsync(
                release.Package, other => other.Copies.Any(copy => copy.Region == input.Region), cancellationToken);
            if (previous?.Image is not { Manifest: { } previousManifestName } previousImage)
            {
                return default;
            }

            await using var previousManifest = await images.OpenAsync(previousManifestName, cancellationToken);
            await using var manifest = await images.OpenAsync(input.Image.Manifest!, cancellationToken);
            if (previousManifest is null || manifest is null)
            {
                return default;
            }

            var delta = await Task.Run(() => ImageDelta.Between(previousManifest, manifest), cancellationToken);
            var copy = previous.Copies.First(copy => copy.Region == input.Region);
            return delta.Digest == input.Image.Digest && delta.PreviousDigest == previousImage.Digest
                ? (new PreviousCopy(previousImage.Name, copy.Path, delta.Ranges), delta.TravelBytes)
                : default;
        }
#pragma warning disable CA1031 // Whatever is wrong with the help: there is a way without it.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    private async Task<ReleaseRecord?> FindReleaseAsync(string imageName, CancellationToken cancellationToken)
    {
        await foreach (var entry in catalog.ListAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken))
        {
            if (entry.Document.Image?.Name == imageName)
            {
                return entry.Document;
            }
        }

        return null;
    }
}

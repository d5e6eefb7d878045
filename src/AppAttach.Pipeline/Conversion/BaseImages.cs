using AppAttach.Contracts;
using AppAttach.Imaging.Deltas;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Replication;

namespace AppAttach.Pipeline.Conversion;

/// <summary>Finds the image that a new one is laid out after, so that little of it has to travel to where the earlier one is.</summary>
/// <param name="images">The hub.</param>
/// <param name="catalog">Holds the releases.</param>
/// <param name="options">The root folder, which both must have.</param>
internal sealed class BaseImages(IImageStore images, ICatalog catalog, PipelineOptions options)
{
    /// <summary>Finds the base of a package's image: the one that was claimed, or else the newest release before it. None is ever needed.</summary>
    /// <param name="package">The package.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Name of its manifest in the hub, and what that says; nulls: there is none.</returns>
    public async Task<(string? Name, ImageBase? Image)> FindAsync(PackageReference package, CancellationToken cancellationToken)
    {
        var claimed = (await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, package.FullName, cancellationToken))?.Document;
        var name = claimed is not null
            ? claimed.Base
            : (await catalog.FindPreviousReleaseAsync(package, release => release.Image!.RootFolder == options.RootFolder, cancellationToken))?.Image?.Manifest;
        if (name is null)
        {
            return default;
        }

        if (await ReadAsync(name, cancellationToken) is { } image)
        {
            return (name, image);
        }

        if (claimed is { Image: null })
        {
            // What was claimed cannot be had any more: from now on no attempt uses it.
            await catalog.UpdateAsync<ReleaseRecord>(
                DocumentKinds.Releases,
                package.FullName,
                current => current is { Image: null } ? current with { Base = null } : current ?? claimed with { Base = null },
                cancellationToken);
        }

        return default;
    }

    private async Task<ImageBase?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await using var manifest = await images.OpenAsync(name, cancellationToken);
            return manifest is null ? null : await Task.Run(() => ImageBase.Read(manifest), cancellationToken);
        }
#pragma warning disable CA1031 // Whatever is wrong with a base: there is a way without it.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}

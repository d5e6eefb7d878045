using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Replication;

/// <summary>Finds the release that a new one most likely differs least from.</summary>
public static class PreviousReleases
{
    /// <summary>The newest release of the package's family before it, for the same processor, whose image has a manifest.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="package">The new package.</param>
    /// <param name="isFit">What else is asked of the release.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The release, or null if there is none.</returns>
    public static async Task<ReleaseRecord?> FindPreviousReleaseAsync(
        this ICatalog catalog, PackageReference package, Predicate<ReleaseRecord> isFit, CancellationToken cancellationToken)
    {
        ReleaseRecord? newest = null;
        await foreach (var entry in catalog.ListAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken))
        {
            var release = entry.Document;
            if (release.Image?.Manifest is not null
                && package.IsNewerThan(release.Package)
                && isFit(release)
                && (newest is null || release.Package.IsNewerThan(newest.Package)))
            {
                newest = release;
            }
        }

        return newest;
    }
}

using AppAttach.Api.Ports;
using AppAttach.Azure.Blobs;

namespace AppAttach.Functions.Site;

/// <summary>Finds what any instance of the app changed in the catalog.</summary>
/// <param name="watch">Looks.</param>
internal sealed class CatalogChanges(BlobCatalogWatch watch) : IChangeSource
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<(string Kind, string Key)>> LookAsync(CancellationToken cancellationToken) => watch.LookAsync(cancellationToken);
}

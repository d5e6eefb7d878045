using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AppAttach.Azure.Blobs;

/// <summary>Finds which documents of a <see cref="BlobCatalog"/> changed, by the ETags of a listing: 5,000 documents a request. One look at a time.</summary>
/// <param name="container">The catalog's container; it exists.</param>
public sealed class BlobCatalogWatch(BlobContainerClient container)
{
    private Dictionary<(string Kind, string Key), string>? _seen;

    /// <summary>Looks once.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Documents that were made, written or deleted since the look before; none at the first.</returns>
    public async Task<IReadOnlyList<(string Kind, string Key)>> LookAsync(CancellationToken cancellationToken)
    {
        var now = new Dictionary<(string Kind, string Key), string>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix: null, cancellationToken))
        {
            if (BlobCatalog.DocumentOf(blob.Name) is { } document)
            {
                now[document] = blob.Properties.ETag?.ToString() ?? "";
            }
        }

        var before = _seen;
        _seen = now;
        return before is null
            ? []
            : [.. now.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => pair.Key), .. before.Keys.Where(key => !now.ContainsKey(key))];
    }
}

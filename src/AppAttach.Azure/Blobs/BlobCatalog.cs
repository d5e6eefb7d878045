using System.Runtime.CompilerServices;
using System.Text.Json;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AppAttach.Azure.Blobs;

/// <summary>
/// The catalog as one blob a document, <c>KIND/KEY.json</c>, readable by people; the blob's ETag guards each write.
/// Checked against Azurite with the real SDK.
/// </summary>
/// <param name="container">The container; it exists.</param>
public sealed class BlobCatalog(BlobContainerClient container) : ICatalog
{
    private const string Suffix = ".json";

    /// <summary>Documents that a listing reads at once.</summary>
    private const int ReadsAtOnce = 16;

    /// <inheritdoc/>
    public async Task<CatalogEntry<TDocument>?> ReadAsync<TDocument>(string kind, string key, CancellationToken cancellationToken)
        where TDocument : class
    {
        try
        {
            var blob = (await BlobOf(kind, key).DownloadContentAsync(cancellationToken)).Value;
            var document = JsonSerializer.Deserialize<TDocument>(blob.Content, OrchestrationJson.Options)
                ?? throw new JsonException($"The document {kind}/{key} is JSON null.");
            return new CatalogEntry<TDocument>(key, document, blob.Details.ETag.ToString());
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string> WriteAsync<TDocument>(
        string kind,
        string key,
        TDocument document,
        string? etag,
        CancellationToken cancellationToken)
        where TDocument : class
    {
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Conditions = etag is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = new ETag(etag) },
        };
        try
        {
            var content = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(document, OrchestrationJson.Options));
            var written = await BlobOf(kind, key).UploadAsync(content, options, cancellationToken);
            return written.Value.ETag.ToString();
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412 || e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            throw new CatalogConflictException(kind, key, e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CatalogEntry<TDocument>> ListAsync<TDocument>(
        string kind,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TDocument : class
    {
        var prefix = kind + "/";
        var keys = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            if (blob.Name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                keys.Add(Uri.UnescapeDataString(blob.Name[prefix.Length..^Suffix.Length]));
            }
        }

        // The service orders by the blobs' names, in which keys are escaped.
        keys.Sort(StringComparer.Ordinal);
        foreach (var some in keys.Chunk(ReadsAtOnce))
        {
            foreach (var entry in await Task.WhenAll(some.Select(key => ReadAsync<TDocument>(kind, key, cancellationToken))))
            {
                // Null: deleted since it was listed.
                if (entry is not null)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<(string Key, string Version)> ListVersionsAsync(
        string kind,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var versions = new List<(string Key, string Version)>();
        await foreach (var blob in container.GetBlobsAsync(
            BlobTraits.None, BlobStates.None, $"{kind}/{Uri.EscapeDataString(prefix)}", cancellationToken))
        {
            if (DocumentOf(blob.Name) is (_, var key))
            {
                versions.Add((key, blob.Properties.ETag?.ToString() ?? ""));
            }
        }

        // The service orders by the blobs' names, in which keys are escaped.
        foreach (var version in versions.OrderBy(version => version.Key, StringComparer.Ordinal))
        {
            yield return version;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string kind, string key, CancellationToken cancellationToken) =>
        BlobOf(kind, key).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    /// <summary>The document that a blob is, or null for a blob that is none.</summary>
    internal static (string Kind, string Key)? DocumentOf(string blobName) =>
        blobName.IndexOf('/', StringComparison.Ordinal) is > 0 and var end && blobName.EndsWith(Suffix, StringComparison.Ordinal)
            ? (blobName[..end], Uri.UnescapeDataString(blobName[(end + 1)..^Suffix.Length]))
            : null;

    /// <summary>
    /// Keys are percent-encoded in the name: <c>\</c> would become <c>/</c>, and <c>*</c>, <c>?</c> and spaces trouble people's tools.
    /// </summary>
    private BlobClient BlobOf(string kind, string key) => container.GetBlobClient($"{kind}/{Uri.EscapeDataString(key)}{Suffix}");
}

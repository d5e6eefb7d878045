using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AppAttach.Azure.Blobs;

/// <summary>
/// Dropped packages in blob containers. The verdict is written as index tags: unlike metadata they leave the ETag alone, by which
/// drops are told apart. The identity needs Storage Blob Data Owner on the account, for tags are not part of Contributor.
/// Checked against Azurite with the real SDK.
/// </summary>
/// <param name="packages">The account that packages are dropped into.</param>
/// <param name="container">Name of the container that packages are stored into; it exists.</param>
public sealed class BlobPackageInbox(BlobServiceClient packages, string container) : IPackageInbox
{
    /// <summary>Index tag: <c>released</c>, <c>rejected</c> or <c>failed</c>.</summary>
    public const string StateTag = "appattach-state";

    /// <summary>Index tag: package full name, or the rejection's code and message as far as they fit.</summary>
    public const string DetailTag = "appattach-detail";

    private const int BlockBytes = 4 << 20;
    private const int MostBlocks = 4;

    /// <summary>Characters that a tag's value may have (Set Blob Tags).</summary>
    private const int MaximumTagLength = 256;

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(PackageDrop drop, CancellationToken cancellationToken)
    {
        var blob = BlobOf(drop);
        try
        {
            var properties = (await blob.GetPropertiesAsync(Unchanged(drop), cancellationToken)).Value;
            return new BlobRangeStream(blob, properties.ETag, properties.ContentLength, e => Changed(drop, e));
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            throw Changed(drop, e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Blocks of 4 MiB, several at a time, which are no blob before all are there. Event Grid tells of the blob too, with the same ETag: that is the same drop.
    /// </remarks>
    public async Task<PackageDrop> StoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        await TryStoreAsync(name, content, cancellationToken);
        var properties = (await packages.GetBlobContainerClient(container).GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        return new PackageDrop(container, name, properties.ETag.ToString().Trim('"'), properties.ContentLength);
    }

    /// <summary>Puts a package into the container, unless there is one of that name.</summary>
    /// <param name="name">Name of the blob.</param>
    /// <param name="content">Its content, read once from front to back; what it throws is thrown, and then there is no blob.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether the name was free.</returns>
    public async Task<bool> TryStoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        var blob = packages.GetBlobContainerClient(container).GetBlobClient(name);
        try
        {
            await blob.UploadAsync(
                content,
                new BlobUploadOptions
                {
                    Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                    // Always by blocks: to a Put Blob that must not replace anything, blocks left by an attempt that broke off may count as a blob.
                    TransferOptions = new StorageTransferOptions { InitialTransferSize = 1, MaximumTransferSize = BlockBytes, MaximumConcurrency = MostBlocks },
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    /// <remarks>A blob that was replaced since is passed over too: its own drop brings its own verdict.</remarks>
    public async Task MarkAsync(PackageDrop drop, string state, string detail, CancellationToken cancellationToken)
    {
        var blob = BlobOf(drop);
        try
        {
            await blob.GetPropertiesAsync(Unchanged(drop), cancellationToken);
            var tags = (await blob.GetTagsAsync(cancellationToken: cancellationToken)).Value.Tags;
            tags[StateTag] = ToTagValue(state);
            tags[DetailTag] = ToTagValue(detail);
            await blob.SetTagsAsync(tags, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            // Gone or replaced.
        }
    }

    /// <summary>A text as a tag's value: letters, digits, space and <c>+ - . / : = _</c> stay, at most 256 of them.</summary>
    internal static string ToTagValue(string text)
    {
        var allowed = text.Select(c => char.IsAsciiLetterOrDigit(c) || " +-./:=_".Contains(c, StringComparison.Ordinal) ? c : '_');
        return string.Concat(allowed.Take(MaximumTagLength));
    }

    private static BlobRequestConditions Unchanged(PackageDrop drop) => new() { IfMatch = new ETag(drop.ETag) };

    /// <summary>With a condition on the ETag, the service answers 412 for a blob that is gone too.</summary>
    private static DropChangedException Changed(PackageDrop drop, RequestFailedException e) => new(
        $"{drop.Container}/{drop.Name} was replaced or removed before it was published; a replacement is a drop of its own.", e);

    private BlobClient BlobOf(PackageDrop drop) => packages.GetBlobContainerClient(drop.Container).GetBlobClient(drop.Name);
}

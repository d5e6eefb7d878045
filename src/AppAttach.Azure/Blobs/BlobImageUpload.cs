using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AppAttach.Azure.Blobs;

/// <summary>
/// An image on its way into a block blob. Blocks are staged while it is being written and become the blob's content in one step
/// with the commit. Without a commit the blob stays what it was; blocks staged for it are invisible and the service drops them
/// after a week. Two uploads of one name never mix: each has block ids of its own. But a commit drops every block of the blob that
/// is not in its list (Put Block List), so of two uploads under way at once the second commit fails, and its caller begins anew.
/// Checked against Azurite with the real SDK.
/// </summary>
internal sealed class BlobImageUpload : ImageUpload
{
    private readonly BlockBlobClient _blob;
    private readonly StagedBlockStream _stream;

    /// <summary>Starts an upload; nothing is sent yet.</summary>
    /// <param name="blob">The blob.</param>
    public BlobImageUpload(BlockBlobClient blob)
    {
        _blob = blob;
        _stream = new StagedBlockStream(blob);
    }

    /// <inheritdoc/>
    public override Stream Stream => _stream;

    /// <inheritdoc/>
    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        var ids = await _stream.FinishAsync(cancellationToken);
        var options = new CommitBlockListOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/octet-stream" } };
        try
        {
            await _blob.CommitBlockListAsync(ids, options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            throw new IOException(
                $"Another image was committed as {_blob.Name} while this one was on its way, and took its blocks along; begin anew.", e);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _stream.DisposeAsync();
}

using AppAttach.Pipeline.Ports;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace AppAttach.Azure.Blobs;

/// <summary>Images as block blobs of one container. Checked against Azurite with the real SDK.</summary>
/// <param name="container">The container; it exists.</param>
public sealed class BlobImageStore(BlobContainerClient container) : IImageStore
{
    /// <inheritdoc/>
    public Task<ImageUpload> CreateAsync(string imageName, CancellationToken cancellationToken) =>
        Task.FromResult<ImageUpload>(new BlobImageUpload(container.GetBlockBlobClient(imageName)));

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(string imageName, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(imageName);
        try
        {
            var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new BlobRangeStream(
                blob,
                properties.ETag,
                properties.ContentLength,
                e => new IOException($"The image {imageName} was replaced or removed while it was being read.", e));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string imageName, CancellationToken cancellationToken) =>
        container.DeleteBlobIfExistsAsync(imageName, cancellationToken: cancellationToken);
}

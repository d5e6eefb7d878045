using AppAttach.Azure.Blobs;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;
using Azure;
using Azure.Storage.Blobs;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobPackageInboxPortTests(AzuriteFixture azurite) : PackageInboxPortTests
{
    private BlobContainerClient? _container;

    protected override async Task<IPackageInbox> OpenInboxAsync()
    {
        _container ??= await azurite.CreateContainerAsync();
        return new BlobPackageInbox(azurite.Require(), _container.Name);
    }

    protected override async Task<PackageDrop> DropAsync(string name, byte[] content)
    {
        var etag = (await _container!.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true)).Value.ETag;

        // Event Grid gives the ETag without quotes.
        return new PackageDrop(_container.Name, name, etag.ToString("G"), content.Length);
    }

    protected override Task RemoveAsync(string name) => _container!.DeleteBlobAsync(name);

    protected override async Task<(string State, string Detail)?> ReadMarkAsync(string name)
    {
        try
        {
            var tags = (await _container!.GetBlobClient(name).GetTagsAsync()).Value.Tags;
            return tags.TryGetValue(BlobPackageInbox.StateTag, out var state) ? (state, tags[BlobPackageInbox.DetailTag]) : null;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }
}

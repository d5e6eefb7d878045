using AppAttach.Azure.Blobs;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobImageStorePortTests(AzuriteFixture azurite) : ImageStorePortTests
{
    private BlobContainerClient? _container;

    protected override async Task<IImageStore> OpenStoreAsync() => new BlobImageStore(_container ??= await azurite.CreateContainerAsync());

    protected override async Task<IReadOnlyList<string>> ListAsync() =>
        await _container!.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None).Select(blob => blob.Name).ToListAsync();
}

using AppAttach.Azure.Blobs;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;
using Azure.Storage.Blobs;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobCatalogPortTests(AzuriteFixture azurite) : CatalogPortTests
{
    private BlobContainerClient? _container;

    protected override async Task<ICatalog> OpenAsync() => new BlobCatalog(_container ??= await azurite.CreateContainerAsync());
}

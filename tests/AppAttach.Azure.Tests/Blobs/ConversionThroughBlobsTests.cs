using System.Security.Cryptography;
using AppAttach.Azure.Blobs;
using AppAttach.BlobConversion;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Packages;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AppAttach.Azure.Tests.Blobs;

/// <summary>The pipeline's own activities over the blob adapters: a package streams in, its image streams out.</summary>
public sealed class ConversionThroughBlobsTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(20)]
    [InlineData(200)]
    public async Task Package_BecomesAnImageAndARelease(int megabytes)
    {
        var (drop, inbox, container) = await DropAsync(megabytes);
        Assert.True(drop.SizeBytes > megabytes * 1_000_000L, "The package is not as large as the test says.");
        var (images, catalog) = (new BlobImageStore(container), new BlobCatalog(container));

        var converted = await Conversion.RunAsync(drop, inbox, inbox, images, catalog);

        var image = Assert.IsType<ImageDescription>(converted.Image);
        await using var stream = await images.OpenAsync(image.Name, CancellationToken.None);
        Assert.Equal(image.SizeBytes, stream!.Length);
        Assert.Equal(image.Digest, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
        var release = await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, image.Name[..^".vhdx".Length], CancellationToken.None);
        Assert.Equal(image, release!.Document.Image);
    }

    [Fact]
    public async Task PackageThatIsReplacedOnTheWay_IsRefusedAndLeavesNoImage()
    {
        var (drop, inbox, container) = await DropAsync(megabytes: 20);
        var (images, catalog) = (new BlobImageStore(container), new BlobCatalog(container));
        var blob = container.GetBlobClient(drop.Name);
        var replaced = new ReplacingInbox(inbox, () => blob.UploadAsync(BinaryData.FromString("other"), overwrite: true));

        var converted = await Conversion.RunAsync(drop, inbox, replaced, images, catalog);

        Assert.Equal(ErrorCodes.DropChanged, converted.Rejection?.Code);
        var names = await container.GetBlobsAsync(BlobTraits.None, BlobStates.None, null, CancellationToken.None).Select(item => item.Name).ToListAsync();
        Assert.DoesNotContain(names, name => name.EndsWith(".vhdx", StringComparison.Ordinal));
    }

    private async Task<(PackageDrop Drop, BlobPackageInbox Inbox, BlobContainerClient Container)> DropAsync(int megabytes)
    {
        var container = await azurite.CreateContainerAsync();
        var package = new PackageBuilder()
            .With("app.exe", Bytes.Make(megabytes << 20))
            .With("data/words.txt", new string('w', 3_000_000))
            .With("data/more.bin", PackageBuilder.Content(11 << 20, seed: 2))
            .Build();
        var etag = (await container.GetBlobClient("Contoso.msix").UploadAsync(BinaryData.FromBytes(package))).Value.ETag;
        return (new PackageDrop(container.Name, "Contoso.msix", etag.ToString(), package.Length), new BlobPackageInbox(azurite.Require(), container.Name), container);
    }

    private sealed class ReplacingInbox(BlobPackageInbox inner, Func<Task> replace) : IPackageInbox
    {
        public async Task<Stream> OpenAsync(PackageDrop drop, CancellationToken cancellationToken)
        {
            var stream = await inner.OpenAsync(drop, cancellationToken);
            await replace();
            return stream;
        }

        public Task<PackageDrop> StoreAsync(string name, Stream content, CancellationToken cancellationToken) => inner.StoreAsync(name, content, cancellationToken);

        public Task MarkAsync(PackageDrop drop, string state, string detail, CancellationToken cancellationToken) =>
            inner.MarkAsync(drop, state, detail, cancellationToken);
    }
}

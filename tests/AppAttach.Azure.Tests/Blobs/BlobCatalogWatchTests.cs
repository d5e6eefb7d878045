using AppAttach.Azure.Blobs;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobCatalogWatchTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Look_FindsWhatWasMadeWrittenAndDeletedSinceTheOneBefore()
    {
        var container = await azurite.CreateContainerAsync();
        var catalog = new BlobCatalog(container);
        var watch = new BlobCatalogWatch(container);
        var etag = await catalog.WriteAsync("hosts", "host-1", new Document("a"), null, CancellationToken.None);
        await catalog.WriteAsync("assignments", "*@pool /?\\", new Document("a"), null, CancellationToken.None);

        Assert.Empty(await watch.LookAsync(CancellationToken.None));
        Assert.Empty(await watch.LookAsync(CancellationToken.None));
        await catalog.WriteAsync("hosts", "host-1", new Document("b"), etag, CancellationToken.None);
        await catalog.WriteAsync("hosts", "host-2", new Document("a"), null, CancellationToken.None);
        await catalog.DeleteAsync("assignments", "*@pool /?\\", CancellationToken.None);

        var changes = await watch.LookAsync(CancellationToken.None);

        Assert.Equal([("assignments", "*@pool /?\\"), ("hosts", "host-1"), ("hosts", "host-2")], changes.Order());
        Assert.Empty(await watch.LookAsync(CancellationToken.None));
    }

    private sealed record Document(string Text);
}

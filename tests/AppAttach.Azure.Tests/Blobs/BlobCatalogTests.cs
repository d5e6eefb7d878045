using AppAttach.Azure.Blobs;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Azure.Tests.Blobs;

public sealed class BlobCatalogTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task DocumentThatIsNotThere_IsNull() => Assert.Null(await (await MakeAsync()).ReadAsync<Note>("notes", "a", None));

    [Fact]
    public async Task Document_IsReadBackWithItsETag()
    {
        var catalog = await MakeAsync();

        var etag = await catalog.WriteAsync("notes", "a", new Note("one", 1), null, None);

        Assert.Equal(new CatalogEntry<Note>("a", new Note("one", 1), etag), await catalog.ReadAsync<Note>("notes", "a", None));
    }

    [Fact]
    public async Task NewDocumentWhereOneIs_IsAConflict()
    {
        var catalog = await MakeAsync();
        await catalog.WriteAsync("notes", "a", new Note("one", 1), null, None);

        await Assert.ThrowsAsync<CatalogConflictException>(() => catalog.WriteAsync("notes", "a", new Note("two", 2), null, None));
    }

    [Fact]
    public async Task WriteWithAnOldETag_IsAConflict()
    {
        var catalog = await MakeAsync();
        var first = await catalog.WriteAsync("notes", "a", new Note("one", 1), null, None);
        var second = await catalog.WriteAsync("notes", "a", new Note("two", 2), first, None);

        await Assert.ThrowsAsync<CatalogConflictException>(() => catalog.WriteAsync("notes", "a", new Note("three", 3), first, None));
        await catalog.WriteAsync("notes", "a", new Note("three", 3), second, None);
    }

    [Fact]
    public async Task WriteToADocumentThatWasDeleted_IsAConflict()
    {
        var catalog = await MakeAsync();
        var etag = await catalog.WriteAsync("notes", "a", new Note("one", 1), null, None);
        await catalog.DeleteAsync("notes", "a", None);
        await catalog.DeleteAsync("notes", "a", None);

        await Assert.ThrowsAsync<CatalogConflictException>(() => catalog.WriteAsync("notes", "a", new Note("two", 2), etag, None));
    }

    [Fact]
    public async Task TwentyWritersOfOneDocument_AllCount()
    {
        var catalog = await MakeAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => catalog.UpdateAsync<Note>(
            "notes", "a", current => new Note("n", (current?.Count ?? 0) + 1), None)));

        Assert.Equal(20, (await catalog.ReadAsync<Note>("notes", "a", None))!.Document.Count);
    }

    [Theory]
    [InlineData("*@office")]
    [InlineData("Fam_8wekyb3d8bbwe@pool a")]
    [InlineData(@"back\slash/and?#%2F")]
    [InlineData("ends.with.a.dot.")]
    [InlineData("ünïcode")]
    public async Task KeyOfAnyCharacters_IsKept(string key)
    {
        var catalog = await MakeAsync();

        await catalog.WriteAsync("notes", key, new Note(key, 1), null, None);

        Assert.Equal(key, (await catalog.ReadAsync<Note>("notes", key, None))!.Document.Text);
        Assert.Equal(key, (await catalog.ListAsync<Note>("notes", None).SingleAsync()).Key);
    }

    [Fact]
    public async Task Listing_IsInTheOrderOfKeysAndOfOneKind()
    {
        var catalog = await MakeAsync();
        string[] keys = ["a", "a-b", "a.b", "A", "b", .. Enumerable.Range(10, 40).Select(i => $"n{i}")];
        foreach (var key in keys)
        {
            await catalog.WriteAsync("notes", key, new Note(key, 1), null, None);
        }

        await catalog.WriteAsync("notes2", "other", new Note("other", 1), null, None);

        Assert.Equal(
            keys.Order(StringComparer.Ordinal), await catalog.ListAsync<Note>("notes", None).Select(entry => entry.Document.Text).ToListAsync());
    }

    private async Task<BlobCatalog> MakeAsync() => new(await azurite.CreateContainerAsync());

    private sealed record Note(string Text, int Count);
}

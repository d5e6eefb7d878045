using AppAttach.Embedded.Storage;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Tests.Storage;

public sealed class SqliteCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteCatalog _catalog;

    public SqliteCatalogTests() => _catalog = Open();

    public void Dispose()
    {
        _catalog.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task DocumentWritten_IsReadBackWithItsETagAlsoAfterReopening()
    {
        var etag = await _catalog.WriteAsync("hosts", "host-1", new Host("westeurope", 3), null, CancellationToken.None);
        _catalog.Dispose();
        using var reopened = Open();
        var entry = await reopened.ReadAsync<Host>("hosts", "host-1", CancellationToken.None);
        Assert.Equal(new CatalogEntry<Host>("host-1", new Host("westeurope", 3), etag), entry);
    }

    [Fact]
    public async Task DocumentMissing_ReadsAsNull()
    {
        await _catalog.WriteAsync("hosts", "host-1", new Host("a", 1), null, CancellationToken.None);
        Assert.Null(await _catalog.ReadAsync<Host>("hosts", "HOST-1", CancellationToken.None));
        Assert.Null(await _catalog.ReadAsync<Host>("pools", "host-1", CancellationToken.None));
    }

    [Fact]
    public async Task DocumentWrittenWithItsETag_TakesTheNewContentAndANewETag()
    {
        var first = await _catalog.WriteAsync("hosts", "host-1", new Host("a", 1), null, CancellationToken.None);
        var second = await _catalog.WriteAsync("hosts", "host-1", new Host("a", 2), first, CancellationToken.None);
        Assert.NotEqual(first, second);
        Assert.Equal(2, (await _catalog.ReadAsync<Host>("hosts", "host-1", CancellationToken.None))!.Document.Count);
    }

    [Fact]
    public async Task ETagIsOld_WriteIsAConflictAndChangesNothing()
    {
        var first = await _catalog.WriteAsync("hosts", "host-1", new Host("a", 1), null, CancellationToken.None);
        await _catalog.WriteAsync("hosts", "host-1", new Host("a", 2), first, CancellationToken.None);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => _catalog.WriteAsync("hosts", "host-1", new Host("a", 3), first, CancellationToken.None));
        Assert.Equal(2, (await _catalog.ReadAsync<Host>("hosts", "host-1", CancellationToken.None))!.Document.Count);
    }

    [Fact]
    public async Task DocumentExists_WriteWithoutETagIsAConflict()
    {
        await _catalog.WriteAsync("hosts", "host-1", new Host("a", 1), null, CancellationToken.None);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => _catalog.WriteAsync("hosts", "host-1", new Host("a", 2), null, CancellationToken.None));
    }

    [Fact]
    public async Task DocumentDeletedAndMadeAgain_OldETagStaysAConflict()
    {
        var first = await _catalog.WriteAsync("hosts", "host-1", new Host("a", 1), null, CancellationToken.None);
        await _catalog.DeleteAsync("hosts", "host-1", CancellationToken.None);
        await _catalog.DeleteAsync("hosts", "host-1", CancellationToken.None);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => _catalog.WriteAsync("hosts", "host-1", new Host("a", 2), first, CancellationToken.None));
        await _catalog.WriteAsync("hosts", "host-1", new Host("a", 3), null, CancellationToken.None);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => _catalog.WriteAsync("hosts", "host-1", new Host("a", 4), first, CancellationToken.None));
    }

    [Fact]
    public async Task KindListed_GivesItsDocumentsInTheOrderOfTheirKeys()
    {
        foreach (var key in (string[])["b", "a", "C"])
        {
            await _catalog.WriteAsync("hosts", key, new Host(key, 1), null, CancellationToken.None);
        }

        await _catalog.WriteAsync("pools", "d", new Host("d", 1), null, CancellationToken.None);
        var keys = new List<string>();
        await foreach (var entry in _catalog.ListAsync<Host>("hosts", CancellationToken.None))
        {
            keys.Add(entry.Key);
        }

        Assert.Equal(["C", "a", "b"], keys);
    }

    [Fact]
    public async Task WritersInParallel_ExactlyOneWinsEachRound()
    {
        var etag = await _catalog.WriteAsync("hosts", "host-1", new Host("a", 0), null, CancellationToken.None);
        var won = 0;
        await Parallel.ForAsync(0, 8, async (number, _) =>
        {
            try
            {
                await _catalog.WriteAsync("hosts", "host-1", new Host("a", number), etag, CancellationToken.None);
                Interlocked.Increment(ref won);
            }
            catch (CatalogConflictException)
            {
                // One of the others was first.
            }
        });
        Assert.Equal(1, won);
    }

    [Fact]
    public async Task DocumentChanges_FollowersAreToldOnceForEachChange()
    {
        var changes = new List<string>();
        _catalog.Changed += (_, change) => changes.Add($"{change.Kind}/{change.Key}");
        await _catalog.WriteAsync("hosts", "a", new Host("a", 1), null, CancellationToken.None);
        await _catalog.DeleteAsync("hosts", "a", CancellationToken.None);
        await _catalog.DeleteAsync("hosts", "a", CancellationToken.None);
        Assert.Equal(["hosts/a", "hosts/a"], changes);
    }

    private SqliteCatalog Open() => new(_folder.PathOf("catalog.db"));

    private sealed record Host(string Region, int Count);
}

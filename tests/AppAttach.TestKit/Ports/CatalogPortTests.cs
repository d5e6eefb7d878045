using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;
using Xunit;

namespace AppAttach.TestKit.Ports;

/// <summary>What every <see cref="ICatalog"/> does.</summary>
public abstract class CatalogPortTests
{
    private const string Kind = "hosts";

    /// <summary>An empty catalog; the same one each time within a test.</summary>
    protected abstract Task<ICatalog> OpenAsync();

    [Fact]
    public async Task DocumentWritten_IsReadBackWithTheETagThatWasGiven()
    {
        var catalog = await OpenAsync();
        var etag = await catalog.WriteAsync(Kind, "one", new PortDocument("Grüße", 3), null, CancellationToken.None);
        var entry = await catalog.ReadAsync<PortDocument>(Kind, "one", CancellationToken.None);
        Assert.Equal(new CatalogEntry<PortDocument>("one", new PortDocument("Grüße", 3), etag), entry);
    }

    [Fact]
    public async Task OtherKindOrOtherCase_IsAnotherDocument()
    {
        var catalog = await OpenAsync();
        await catalog.WriteAsync(Kind, "one", new PortDocument("a", 1), null, CancellationToken.None);
        Assert.Null(await catalog.ReadAsync<PortDocument>("pools", "one", CancellationToken.None));
        Assert.Null(await catalog.ReadAsync<PortDocument>(Kind, "ONE", CancellationToken.None));
    }

    [Fact]
    public async Task WrittenWithoutETagOverADocument_IsAConflictAndChangesNothing()
    {
        var catalog = await OpenAsync();
        await catalog.WriteAsync(Kind, "one", new PortDocument("a", 1), null, CancellationToken.None);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => catalog.WriteAsync(Kind, "one", new PortDocument("a", 2), null, CancellationToken.None));
        Assert.Equal(1, (await catalog.ReadAsync<PortDocument>(Kind, "one", CancellationToken.None))!.Document.Count);
    }

    [Fact]
    public async Task WrittenWithAnOldETag_IsAConflictAndChangesNothing()
    {
        var catalog = await OpenAsync();
        var first = await catalog.WriteAsync(Kind, "one", new PortDocument("a", 1), null, CancellationToken.None);
        var second = await catalog.WriteAsync(Kind, "one", new PortDocument("a", 2), first, CancellationToken.None);
        Assert.NotEqual(first, second);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => catalog.WriteAsync(Kind, "one", new PortDocument("a", 3), first, CancellationToken.None));
        Assert.Equal(2, (await catalog.ReadAsync<PortDocument>(Kind, "one", CancellationToken.None))!.Document.Count);
    }

    [Fact]
    public async Task DeletedAndMadeAgain_OldETagStaysAConflict()
    {
        var catalog = await OpenAsync();
        var first = await catalog.WriteAsync(Kind, "one", new PortDocument("a", 1), null, CancellationToken.None);
        await catalog.DeleteAsync(Kind, "one", CancellationToken.None);
        await catalog.DeleteAsync(Kind, "one", CancellationToken.None);
        Assert.Null(await catalog.ReadAsync<PortDocument>(Kind, "one", CancellationToken.None));
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => catalog.WriteAsync(Kind, "one", new PortDocument("a", 2), first, CancellationToken.None));
        await catalog.WriteAsync(Kind, "one", new PortDocument("a", 1), null, CancellationToken.None);
        await Assert.ThrowsAsync<CatalogConflictException>(
            () => catalog.WriteAsync(Kind, "one", new PortDocument("a", 3), first, CancellationToken.None));
    }

    [Fact]
    public async Task Listed_GivesTheKindsDocumentsInTheOrderOfTheirKeys()
    {
        var catalog = await OpenAsync();
        foreach (var key in (string[])["b", "a_1.2.3.4_x64__j8tmt7aeqvrx2", "*@pool", "C"])
        {
            await catalog.WriteAsync(Kind, key, new PortDocument(key, 1), null, CancellationToken.None);
        }

        await catalog.WriteAsync("pools", "d", new PortDocument("d", 1), null, CancellationToken.None);
        var keys = await catalog.ListAsync<PortDocument>(Kind, CancellationToken.None).Select(entry => (entry.Key, entry.Document.Name)).ToListAsync();
        Assert.Equal(((string[])["*@pool", "C", "a_1.2.3.4_x64__j8tmt7aeqvrx2", "b"]).Select(key => (key, key)), keys);
    }

    [Fact]
    public async Task VersionsListed_AreOfKeysWithThePrefixAndChangeWithEveryWrite()
    {
        var catalog = await OpenAsync();
        foreach (var key in (string[])["run%1.00.1", "run%1.00.0", "run%1.01.0", "run%10.00.0", "Run%1.00.0", "run", "*@pool"])
        {
            await catalog.WriteAsync(Kind, key, new PortDocument(key, 1), null, CancellationToken.None);
        }

        await catalog.WriteAsync("pools", "run%1.00.5", new PortDocument("d", 1), null, CancellationToken.None);
        var before = await catalog.ListVersionsAsync(Kind, "run%1.00.", CancellationToken.None).ToListAsync();
        await catalog.UpdateAsync<PortDocument>(Kind, "run%1.00.1", _ => new PortDocument("changed", 2), CancellationToken.None);
        var after = await catalog.ListVersionsAsync(Kind, "run%1.00.", CancellationToken.None).ToListAsync();
        await catalog.DeleteAsync(Kind, "run%1.00.0", CancellationToken.None);

        Assert.Equal(["run%1.00.0", "run%1.00.1"], before.Select(version => version.Key));
        Assert.Equal(before[0], after[0]);
        Assert.NotEqual(before[1].Version, after[1].Version);
        Assert.Equal(
            ["*@pool", "Run%1.00.0", "run", "run%1.00.1", "run%1.01.0", "run%10.00.0"],
            await catalog.ListVersionsAsync(Kind, "", CancellationToken.None).Select(version => version.Key).ToListAsync());
    }

    [Fact]
    public async Task WritersInParallel_ExactlyOneWins()
    {
        var catalog = await OpenAsync();
        var etag = await catalog.WriteAsync(Kind, "one", new PortDocument("a", 0), null, CancellationToken.None);
        var won = 0;
        await Parallel.ForAsync(0, 8, async (number, _) =>
        {
            try
            {
                await catalog.WriteAsync(Kind, "one", new PortDocument("a", number), etag, CancellationToken.None);
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
    public async Task UpdatersInParallel_NoneIsLost()
    {
        var catalog = await OpenAsync();
        await Parallel.ForAsync(0, 8, async (_, cancellationToken) => await catalog.UpdateAsync<PortDocument>(
            Kind, "one", current => new PortDocument("a", (current?.Count ?? 0) + 1), cancellationToken));
        Assert.Equal(8, (await catalog.ReadAsync<PortDocument>(Kind, "one", CancellationToken.None))!.Document.Count);
    }
}

using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.Pipeline.Tests.Catalog;

public sealed class CatalogUpdatesTests
{
    private readonly MemoryCatalog _catalog = new(new PortFaults());

    [Fact]
    public async Task ChangeThatLeavesADocumentWithAListAsItIs_WritesNothing()
    {
        await UpdateAsync("S-1-5-21-1");
        await UpdateAsync("S-1-5-21-1");
        Assert.Equal(1, _catalog.Writes);

        await UpdateAsync("S-1-5-21-2");
        Assert.Equal(2, _catalog.Writes);
    }

    [Fact]
    public async Task DocumentWrittenInBetween_IsReadAgain()
    {
        var reads = 0;
        _catalog.WhenRead = (_, _) =>
        {
            if (++reads == 1)
            {
                UpdateAsync("first").Wait();
            }
        };

        Assert.Equal(["first", "second"], (await UpdateAsync("second")).Users);
    }

    private Task<AssignmentRecord> UpdateAsync(string user) => _catalog.UpdateAsync<AssignmentRecord>(
        "assignments", "a", current => new AssignmentRecord("*", "pool", user == "second" ? [.. current?.Users ?? [], user] : [user]), default);
}

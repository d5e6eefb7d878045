using AppAttach.Embedded.Storage;
using AppAttach.Pipeline.Ports;
using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Storage;

public sealed class SqliteCatalogPortTests : CatalogPortTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteCatalog _catalog;

    public SqliteCatalogPortTests() => _catalog = new SqliteCatalog(_folder.PathOf("catalog.db"));

    public void Dispose()
    {
        _catalog.Dispose();
        _folder.Dispose();
    }

    protected override Task<ICatalog> OpenAsync() => Task.FromResult<ICatalog>(_catalog);
}

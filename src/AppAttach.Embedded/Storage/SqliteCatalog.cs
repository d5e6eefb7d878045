using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Storage;

/// <summary>The catalog's documents in a SQLite file, as JSON that people can read there.</summary>
internal sealed class SqliteCatalog : ICatalog, IDisposable
{
    // An ETag is never used twice, not even for a document that was deleted and made again.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS documents (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            etag TEXT NOT NULL,
            document TEXT NOT NULL,
            PRIMARY KEY (kind, key)
        ) WITHOUT ROWID;
        -- Versions are listed often, and documents are long: without reading them it takes a tenth of the time.
        CREATE INDEX IF NOT EXISTS versions ON documents (kind, key, etag)
        """;

    /// <summary>Sorts after every other character.</summary>
    private const string LastCharacter = "\U0010FFFF";

    private readonly SqliteDatabase _database;

    /// <summary>Opens the file, making it if it is not there.</summary>
    /// <param name="path">Path of the file; its folder exists.</param>
    public SqliteCatalog(string path) => _database = new SqliteDatabase(path, Schema);

    /// <summary>A document was written or deleted; raised after the commit, on the writer's thread. A handler must not throw.</summary>
    public event EventHandler<CatalogChangedEventArgs>? Changed;

    /// <inheritdoc/>
    public Task<CatalogEntry<TDocument>?> ReadAsync<TDocument>(string kind, string key, CancellationToken cancellationToken)
        where TDocument : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Read(connection => connection.Rows(
            "SELECT key, document, etag FROM documents WHERE kind = @kind AND key = @key",
            row => ReadEntry<TDocument>(row.GetString(0), row.GetString(1), row.GetString(2)),
            ("@kind", kind),
            ("@key", key)).FirstOrDefault()));
    }

    /// <inheritdoc/>
    public async Task<string> WriteAsync<TDocument>(
        string kind, string key, TDocument document, string? etag, CancellationToken cancellationToken)
        where TDocument : class
    {
        var json = JsonSerializer.Serialize(document, OrchestrationJson.Options);
        var next = Guid.CreateVersion7().ToString("N", CultureInfo.InvariantCulture);
        var written = await _database.WriteAsync(
            connection => connection.Run(
                etag is null
                    ? "INSERT INTO documents (kind, key, etag, document) VALUES (@kind, @key, @next, @document) ON CONFLICT DO NOTHING"
                    : "UPDATE documents SET etag = @next, document = @document WHERE kind = @kind AND key = @key AND etag = @etag",
                ("@kind", kind),
                ("@key", key),
                ("@next", next),
                ("@document", json),
                ("@etag", etag)),
            cancellationToken);
        if (written == 0)
        {
            throw new CatalogConflictException(kind, key);
        }

        Changed?.Invoke(this, new CatalogChangedEventArgs(kind, key));
        return next;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CatalogEntry<TDocument>> ListAsync<TDocument>(
        string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TDocument : class
    {
        var rows = _database.Read(connection => connection.Rows(
            "SELECT key, document, etag FROM documents WHERE kind = @kind ORDER BY key",
            row => (Key: row.GetString(0), Json: row.GetString(1), ETag: row.GetString(2)),
            ("@kind", kind)));
        foreach (var (key, json, etag) in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ReadEntry<TDocument>(key, json, etag);
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<(string Key, string Version)> ListVersionsAsync(string kind, string prefix, CancellationToken cancellationToken) =>
        _database.Read(connection => connection.Rows(
            "SELECT key, etag FROM documents WHERE kind = @kind AND key >= @prefix AND key < @end ORDER BY key",
            row => (row.GetString(0), row.GetString(1)),
            ("@kind", kind),
            ("@prefix", prefix),
            ("@end", prefix + LastCharacter))).ToAsyncEnumerable();

    /// <inheritdoc/>
    public async Task DeleteAsync(string kind, string key, CancellationToken cancellationToken)
    {
        var deleted = await _database.WriteAsync(
            connection => connection.Run("DELETE FROM documents WHERE kind = @kind AND key = @key", ("@kind", kind), ("@key", key)),
            cancellationToken);
        if (deleted > 0)
        {
            Changed?.Invoke(this, new CatalogChangedEventArgs(kind, key));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static CatalogEntry<TDocument> ReadEntry<TDocument>(string key, string json, string etag)
        where TDocument : class =>
        new(key, JsonSerializer.Deserialize<TDocument>(json, OrchestrationJson.Options)!, etag);
}

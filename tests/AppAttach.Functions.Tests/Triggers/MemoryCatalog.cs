using System.Globalization;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Functions.Tests.Triggers;

/// <summary>A catalog in memory, for one test at a time.</summary>
internal sealed class MemoryCatalog : ICatalog
{
    private readonly SortedDictionary<(string Kind, string Key), (object Document, int Version)> _documents = [];

    public Task<CatalogEntry<TDocument>?> ReadAsync<TDocument>(string kind, string key, CancellationToken cancellationToken)
        where TDocument : class =>
        Task.FromResult(_documents.TryGetValue((kind, key), out var stored) ? Entry<TDocument>(key, stored) : null);

    public Task<string> WriteAsync<TDocument>(string kind, string key, TDocument document, string? etag, CancellationToken cancellationToken)
        where TDocument : class
    {
        var current = _documents.TryGetValue((kind, key), out var stored) ? stored.Version : 0;
        if ((etag ?? "0") != Text(current))
        {
            throw new CatalogConflictException(kind, key);
        }

        _documents[(kind, key)] = (document, current + 1);
        return Task.FromResult(Text(current + 1));
    }

    public IAsyncEnumerable<CatalogEntry<TDocument>> ListAsync<TDocument>(string kind, CancellationToken cancellationToken)
        where TDocument : class =>
        _documents.Where(pair => pair.Key.Kind == kind).Select(pair => Entry<TDocument>(pair.Key.Key, pair.Value)!).ToList().ToAsyncEnumerable();

    public IAsyncEnumerable<(string Key, string Version)> ListVersionsAsync(string kind, string prefix, CancellationToken cancellationToken) =>
        _documents.Where(pair => pair.Key.Kind == kind && pair.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(pair => (pair.Key.Key, Text(pair.Value.Version))).ToList().ToAsyncEnumerable();

    public Task DeleteAsync(string kind, string key, CancellationToken cancellationToken)
    {
        _documents.Remove((kind, key));
        return Task.CompletedTask;
    }

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);

    private static CatalogEntry<TDocument>? Entry<TDocument>(string key, (object Document, int Version) stored)
        where TDocument : class => new(key, (TDocument)stored.Document, Text(stored.Version));
}

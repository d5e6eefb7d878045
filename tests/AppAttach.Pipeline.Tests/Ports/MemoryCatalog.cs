using System.Runtime.CompilerServices;
using System.Text.Json;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>A catalog in memory. Documents are kept as JSON, so that what is read is never the object that was written.</summary>
internal sealed class MemoryCatalog(PortFaults faults) : ICatalog
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Kind, string Key), (string Json, int Version)> _documents =
        new(Comparer<(string Kind, string Key)>.Create((x, y) =>
            string.CompareOrdinal(x.Kind, y.Kind) is not 0 and var order ? order : string.CompareOrdinal(x.Key, y.Key)));

    private int _version;

    /// <summary>How often a document was written.</summary>
    public int Writes { get; private set; }

    /// <summary>Kind and key of every document.</summary>
    public IReadOnlyList<(string Kind, string Key)> Keys
    {
        get
        {
            lock (_lock)
            {
                return [.. _documents.Keys];
            }
        }
    }

    /// <summary>Does something else between a document's reading and its writing, as another process may.</summary>
    public Action<string, string>? WhenRead { get; set; }

    public TDocument? Find<TDocument>(string kind, string key)
        where TDocument : class
    {
        lock (_lock)
        {
            return _documents.TryGetValue((kind, key), out var found) ? Read<TDocument>(found.Json) : null;
        }
    }

    public IReadOnlyList<TDocument> All<TDocument>(string kind)
        where TDocument : class
    {
        lock (_lock)
        {
            return [.. _documents.Where(document => document.Key.Kind == kind).Select(document => Read<TDocument>(document.Value.Json))];
        }
    }

    public Task<CatalogEntry<TDocument>?> ReadAsync<TDocument>(string kind, string key, CancellationToken cancellationToken)
        where TDocument : class
    {
        faults.Before("catalog.read " + kind);
        CatalogEntry<TDocument>? entry = null;
        lock (_lock)
        {
            if (_documents.TryGetValue((kind, key), out var found))
            {
                entry = new CatalogEntry<TDocument>(key, Read<TDocument>(found.Json), $"v{found.Version}");
            }
        }

        WhenRead?.Invoke(kind, key);
        faults.After("catalog.read " + kind);
        return Task.FromResult(entry);
    }

    public Task<string> WriteAsync<TDocument>(string kind, string key, TDocument document, string? etag, CancellationToken cancellationToken)
        where TDocument : class
    {
        faults.Before("catalog.write " + kind);
        string next;
        lock (_lock)
        {
            var current = _documents.TryGetValue((kind, key), out var found) ? $"v{found.Version}" : null;
            if (current != etag)
            {
                throw new CatalogConflictException(kind, key);
            }

            _documents[(kind, key)] = (JsonSerializer.Serialize(document, OrchestrationJson.Options), ++_version);
            next = $"v{_version}";
            Writes++;
        }

        faults.After("catalog.write " + kind);
        return Task.FromResult(next);
    }

    public async IAsyncEnumerable<CatalogEntry<TDocument>> ListAsync<TDocument>(
        string kind, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TDocument : class
    {
        faults.Before("catalog.list " + kind);
        List<CatalogEntry<TDocument>> entries;
        lock (_lock)
        {
            entries = [.. _documents.Where(document => document.Key.Kind == kind).Select(document =>
                new CatalogEntry<TDocument>(document.Key.Key, Read<TDocument>(document.Value.Json), $"v{document.Value.Version}"))];
        }

        foreach (var entry in entries)
        {
            await Task.Yield();
            yield return entry;
        }

        faults.After("catalog.list " + kind);
    }

    public IAsyncEnumerable<(string Key, string Version)> ListVersionsAsync(string kind, string prefix, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _documents.Where(document => document.Key.Kind == kind && document.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(document => (document.Key.Key, $"v{document.Value.Version}")).ToList().ToAsyncEnumerable();
        }
    }

    public Task DeleteAsync(string kind, string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _documents.Remove((kind, key));
        }

        return Task.CompletedTask;
    }

    private static TDocument Read<TDocument>(string json) => JsonSerializer.Deserialize<TDocument>(json, OrchestrationJson.Options)!;
}

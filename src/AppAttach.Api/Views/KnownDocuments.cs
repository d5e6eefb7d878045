using AppAttach.Pipeline.Ports;

namespace AppAttach.Api.Views;

/// <summary>
/// What the views need of many documents, kept between calls. Each call asks the catalog for versions and reads only what changed since: always as true as
/// reading everything, at the price of a list of keys. Safe for any number of callers.
/// </summary>
/// <typeparam name="TDocument">Type of the documents.</typeparam>
/// <typeparam name="TKept">What is kept of one.</typeparam>
/// <param name="catalog">The catalog.</param>
/// <param name="kind">Kind of the documents.</param>
/// <param name="keep">Gives what is kept.</param>
internal sealed class KnownDocuments<TDocument, TKept>(ICatalog catalog, string kind, Func<TDocument, TKept> keep) : IDisposable
    where TDocument : class
{
    /// <summary>Documents that are read at once: a catalog in the cloud answers each call after a while, but many at a time.</summary>
    private const int ReadsAtOnce = 16;

    /// <summary>Callers who ask for parts only never say what is not needed any more; at this many, all is forgotten and read again as needed.</summary>
    private const int MostOfParts = 10_000;

    private readonly SemaphoreSlim _reading = new(1);
    private Dictionary<string, (string Version, TKept Kept)> _known = new(StringComparer.Ordinal);

    /// <summary>All documents of the kind.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What is kept of each, in the order of their keys.</returns>
    public Task<IReadOnlyList<TKept>> ReadAsync(CancellationToken cancellationToken) => ReadAsync("", cancellationToken);

    /// <summary>Some documents of the kind.</summary>
    /// <param name="prefix">What their keys begin with.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What is kept of each, in the order of their keys.</returns>
    public async Task<IReadOnlyList<TKept>> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var versions = await catalog.ListVersionsAsync(kind, prefix, cancellationToken).ToListAsync(cancellationToken);
            await ReadChangedAsync(versions, cancellationToken);
            var found = versions.Where(version => _known.ContainsKey(version.Key)).ToList();
            List<TKept> kept = [.. found.Select(version => _known[version.Key].Kept)];
            if (prefix.Length == 0)
            {
                _known = found.ToDictionary(version => version.Key, version => _known[version.Key], StringComparer.Ordinal);
            }
            else if (_known.Count > MostOfParts)
            {
                _known.Clear();
            }

            return kept;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    /// <summary>A document that is written once more between list and reading is kept under its old version, and so read again next time.</summary>
    private async Task ReadChangedAsync(List<(string Key, string Version)> versions, CancellationToken cancellationToken)
    {
        var changed = versions.Where(version => !_known.TryGetValue(version.Key, out var known) || known.Version != version.Version);
        foreach (var some in changed.Chunk(ReadsAtOnce))
        {
            var entries = await Task.WhenAll(some.Select(version => catalog.ReadAsync<TDocument>(kind, version.Key, cancellationToken)));
            for (var number = 0; number < some.Length; number++)
            {
                if (entries[number] is { } entry)
                {
                    _known[some[number].Key] = (some[number].Version, keep(entry.Document));
                }
                else
                {
                    _known.Remove(some[number].Key);
                }
            }
        }
    }
}

using System.Collections.Concurrent;
using AppAttach.Api.Views;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Web.Tests.Api;

/// <summary>What the views keep of documents: as true as reading all of them each time, and what is read again is only what changed.</summary>
public sealed class KnownDocumentsTests : IAsyncLifetime
{
    private FleetHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FleetHost.StartAsync();
        foreach (var number in Enumerable.Range(0, 40))
        {
            await _host.WriteAsync(DocumentKinds.Hosts, $"host-{number:00}", FleetHost.Host($"host-{number:00}"));
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task WhatChanged_IsReadAgainAndNothingElse()
    {
        var catalog = new CountingCatalog(_host.Catalog);
        using var hosts = new KnownDocuments<HostRecord, HostLook>(catalog, DocumentKinds.Hosts, HostLook.Of);

        Assert.Equal(40, (await hosts.ReadAsync(CancellationToken.None)).Count);
        Assert.Equal(40, catalog.TakeReads().Count);
        Assert.Equal(40, (await hosts.ReadAsync(CancellationToken.None)).Count);
        Assert.Empty(catalog.TakeReads());

        await _host.WriteAsync(DocumentKinds.Hosts, "host-07", FleetHost.Host("host-07", "Mend it."));
        await _host.WriteAsync(DocumentKinds.Hosts, "host-40", FleetHost.Host("host-40"));
        await _host.Catalog.DeleteAsync(DocumentKinds.Hosts, "host-03", CancellationToken.None);
        var known = await hosts.ReadAsync(CancellationToken.None);

        Assert.Equal(["host-07", "host-40"], catalog.TakeReads().Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(0, 41).Where(number => number != 3).Select(number => $"host-{number:00}"), known.Select(host => host.Host));
        Assert.Equal(["Mend it."], known.Select(host => host.Note).OfType<string>());
    }

    [Fact]
    public async Task DocumentMadeAgain_IsReadAgain()
    {
        var catalog = new CountingCatalog(_host.Catalog);
        using var hosts = new KnownDocuments<HostRecord, HostLook>(catalog, DocumentKinds.Hosts, HostLook.Of);
        await hosts.ReadAsync(CancellationToken.None);
        await _host.Catalog.DeleteAsync(DocumentKinds.Hosts, "host-03", CancellationToken.None);
        await _host.WriteAsync(DocumentKinds.Hosts, "host-03", FleetHost.Host("host-03", "Made again."));

        Assert.Contains("Made again.", (await hosts.ReadAsync(CancellationToken.None)).Select(host => host.Note));
    }

    [Fact]
    public async Task PartsAskedFor_AreReadAndKeptWithoutTheRest()
    {
        var catalog = new CountingCatalog(_host.Catalog);
        using var hosts = new KnownDocuments<HostRecord, HostLook>(catalog, DocumentKinds.Hosts, HostLook.Of);

        Assert.Equal(10, (await hosts.ReadAsync("host-1", CancellationToken.None)).Count);
        Assert.Equal(10, (await hosts.ReadAsync("host-2", CancellationToken.None)).Count);
        Assert.Equal(10, (await hosts.ReadAsync("host-1", CancellationToken.None)).Count);
        Assert.Equal(20, catalog.TakeReads().Count);
    }

    [Fact]
    public async Task ManyAskAtOnce_EachDocumentIsReadOnce()
    {
        var catalog = new CountingCatalog(_host.Catalog);
        using var hosts = new KnownDocuments<HostRecord, HostLook>(catalog, DocumentKinds.Hosts, HostLook.Of);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => hosts.ReadAsync(CancellationToken.None))));

        Assert.All(answers, answer => Assert.Equal(40, answer.Count));
        Assert.Equal(40, catalog.TakeReads().Count);
    }

    private sealed class CountingCatalog(ICatalog inner) : ICatalog
    {
        private readonly ConcurrentQueue<string> _reads = new();

        public List<string> TakeReads()
        {
            var reads = _reads.ToList();
            _reads.Clear();
            return reads;
        }

        public Task<CatalogEntry<TDocument>?> ReadAsync<TDocument>(string kind, string key, CancellationToken cancellationToken)
            where TDocument : class
        {
            _reads.Enqueue(key);
            return inner.ReadAsync<TDocument>(kind, key, cancellationToken);
        }

        public IAsyncEnumerable<(string Key, string Version)> ListVersionsAsync(string kind, string prefix, CancellationToken cancellationToken) =>
            inner.ListVersionsAsync(kind, prefix, cancellationToken);

        public IAsyncEnumerable<CatalogEntry<TDocument>> ListAsync<TDocument>(string kind, CancellationToken cancellationToken)
            where TDocument : class => throw new NotSupportedException("Everything would be read.");

        public Task<string> WriteAsync<TDocument>(string kind, string key, TDocument document, string? etag, CancellationToken cancellationToken)
            where TDocument : class => throw new NotSupportedException("Views write nothing.");

        public Task DeleteAsync(string kind, string key, CancellationToken cancellationToken) => throw new NotSupportedException("Views delete nothing.");
    }
}

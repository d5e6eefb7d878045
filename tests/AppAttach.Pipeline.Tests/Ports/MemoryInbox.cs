using System.Collections.Concurrent;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>An inbox in memory.</summary>
internal sealed class MemoryInbox(PortFaults faults) : IPackageInbox
{
    public const string Container = "inbox";

    private readonly ConcurrentDictionary<string, (byte[] Content, string ETag)> _files = new();
    private int _etags;

    /// <summary>The last mark of each file: state and detail.</summary>
    public ConcurrentDictionary<string, (string State, string Detail)> Marks { get; } = new();

    /// <summary>Names of what is there.</summary>
    public IEnumerable<string> Names => _files.Keys;

    /// <summary>How many files were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Makes the stream of a file; null: plain.</summary>
    public Func<byte[], Stream>? OpensAs { get; set; }

    /// <summary>Puts a file there, over one of that name.</summary>
    public PackageDrop Put(string name, byte[] content)
    {
        var etag = $"e{Interlocked.Increment(ref _etags)}";
        _files[name] = (content, etag);
        return new PackageDrop(Container, name, etag, content.Length);
    }

    public void Remove(string name) => _files.TryRemove(name, out _);

    public Task<Stream> OpenAsync(PackageDrop drop, CancellationToken cancellationToken)
    {
        faults.Before("inbox.open");
        if (!_files.TryGetValue(drop.Name, out var file) || file.ETag != drop.ETag)
        {
            throw new DropChangedException($"{drop.Name} was replaced or removed.");
        }

        Opened++;
        faults.After("inbox.open");
        return Task.FromResult(OpensAs?.Invoke(file.Content) ?? new MemoryStream(file.Content, writable: false));
    }

    public async Task<PackageDrop> StoreAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        faults.Before("inbox.store");
        if (!_files.ContainsKey(name))
        {
            using var whole = new MemoryStream();
            await content.CopyToAsync(whole, cancellationToken);
            Put(name, whole.ToArray());
        }

        faults.After("inbox.store");
        var (bytes, etag) = _files[name];
        return new PackageDrop(Container, name, etag, bytes.Length);
    }

    public Task MarkAsync(PackageDrop drop, string state, string detail, CancellationToken cancellationToken)
    {
        faults.Before("inbox.mark");
        if (_files.TryGetValue(drop.Name, out var file) && file.ETag == drop.ETag)
        {
            Marks[drop.Name] = (state, detail);
        }

        faults.After("inbox.mark");
        return Task.CompletedTask;
    }
}

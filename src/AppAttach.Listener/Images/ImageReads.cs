using System.Collections.Concurrent;

namespace AppAttach.Listener.Images;

/// <summary>Bounds how many images are read at once from each share: a share that hangs holds up its own images and no others.</summary>
/// <param name="limit">Number for each share, 1 or more.</param>
internal sealed class ImageReads(int limit) : IDisposable
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _places = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads when it is this image's turn.</summary>
    /// <param name="shareRoot">The share it lies on.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task RunAsync(string shareRoot, Func<Task> read, CancellationToken cancellationToken)
    {
        var places = _places.GetOrAdd(shareRoot, _ => new SemaphoreSlim(limit, limit));
        await places.WaitAsync(cancellationToken);
        try
        {
            await read();
        }
        finally
        {
            _ = places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var places in _places.Values)
        {
            places.Dispose();
        }
    }
}

namespace AppAttach.Listener.Commands;

/// <summary>
/// One lane for each key, first come, first served: what is asked of one package family happens in the order in which it was asked,
/// and nobody waits for another family. Safe for use by several threads.
/// </summary>
internal sealed class Lanes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Place> _last = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the last place in a lane, before the call returns, and waits until those before have left.</summary>
    /// <param name="key">Which lane.</param>
    /// <param name="cancellationToken">Gives the place up.</param>
    /// <returns>To be disposed of, to let the next one in.</returns>
    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        var place = new Place(this, key);
        Place? before;
        lock (_lock)
        {
            before = _last.GetValueOrDefault(key);
            _last[key] = place;
        }

        if (before is null)
        {
            return place;
        }

        try
        {
            await before.Left.WaitAsync(cancellationToken);
            return place;
        }
        catch (OperationCanceledException)
        {
            // Whoever stands behind still waits for those in front.
            _ = LeaveAfterAsync(before, place);
            throw;
        }
    }

    /// <summary>Enters a lane that nobody is in.</summary>
    /// <returns>To be disposed of; null when somebody is there.</returns>
    public IDisposable? TryEnter(string key)
    {
        var place = new Place(this, key);
        lock (_lock)
        {
            return _last.TryAdd(key, place) ? place : null;
        }
    }

    private static async Task LeaveAfterAsync(Place before, Place place)
    {
        await before.Left;
        place.Dispose();
    }

    private sealed class Place(Lanes lanes, string key) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Left => _left.Task;

        public void Dispose()
        {
            lock (lanes._lock)
            {
                if (lanes._last.GetValueOrDefault(key) == this)
                {
                    _ = lanes._last.Remove(key);
                }
            }

            _ = _left.TrySetResult();
        }
    }
}

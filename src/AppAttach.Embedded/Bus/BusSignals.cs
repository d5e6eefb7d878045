using System.Collections.Concurrent;

namespace AppAttach.Embedded.Bus;

/// <summary>
/// Wakes the receivers that wait at an entity. A receiver takes the signal first, looks for a message second and waits last:
/// whatever happens after its look completes the signal it holds, so that no wake-up is lost.
/// </summary>
internal sealed class BusSignals
{
    private readonly ConcurrentDictionary<long, TaskCompletionSource> _signals = new();

    /// <summary>The signal that the next change of an entity completes.</summary>
    /// <param name="entityId">The entity.</param>
    /// <returns>A task to wait on.</returns>
    public Task Next(long entityId) =>
        _signals.GetOrAdd(entityId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Wakes whoever waits at these entities.</summary>
    /// <param name="entityIds">Entities in which something has changed.</param>
    public void Wake(IEnumerable<long> entityIds)
    {
        foreach (var entityId in entityIds)
        {
            if (_signals.TryRemove(entityId, out var signal))
            {
                signal.SetResult();
            }
        }
    }
}

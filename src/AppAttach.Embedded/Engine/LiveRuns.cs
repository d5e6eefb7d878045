namespace AppAttach.Embedded.Engine;

/// <summary>
/// Runs that stay in memory between steps, so that a step costs what it does and not what the history is long. Only a saving:
/// any of them may be forgotten at any time. Used by one thread at a time.
/// </summary>
/// <param name="limit">How many stay; the one that has not moved for longest goes first.</param>
internal sealed class LiveRuns(int limit)
{
    private readonly LinkedList<(string InstanceId, string Execution, OrchestratorRun Run)> _byUse = new();
    private readonly Dictionary<string, LinkedListNode<(string InstanceId, string Execution, OrchestratorRun Run)>> _byInstance =
        new(StringComparer.Ordinal);

    /// <summary>Takes a run out.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="execution">The run that is wanted; another run of the instance is forgotten.</param>
    /// <returns>The run, or null.</returns>
    public OrchestratorRun? Take(string instanceId, string execution)
    {
        if (!_byInstance.Remove(instanceId, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        return node.Value.Execution == execution ? node.Value.Run : null;
    }

    /// <summary>Puts a run in that is where its history ends.</summary>
    /// <param name="instanceId">The instance; it is not in.</param>
    /// <param name="execution">The run's id.</param>
    /// <param name="run">The run.</param>
    public void Put(string instanceId, string execution, OrchestratorRun run)
    {
        _byInstance.Add(instanceId, _byUse.AddLast((instanceId, execution, run)));
        if (_byUse.Count > limit)
        {
            _byInstance.Remove(_byUse.First!.Value.InstanceId);
            _byUse.RemoveFirst();
        }
    }
}

namespace AppAttach.Embedded.Engine;

/// <summary>An instance was started, took a step, or ended.</summary>
/// <param name="instanceId">The instance.</param>
/// <param name="name">The orchestrator's name.</param>
/// <param name="state">Where it stands now.</param>
internal sealed class OrchestrationChangedEventArgs(string instanceId, string name, OrchestrationState state) : EventArgs
{
    /// <summary>The instance.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>The orchestrator's name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it stands now.</summary>
    public OrchestrationState State { get; } = state;
}

namespace AppAttach.Embedded.Engine;

/// <summary>An orchestrator awaits something that is not a task of its context, which no history can replay.</summary>
/// <param name="name">The orchestrator's name.</param>
/// <param name="instanceId">The instance.</param>
public sealed class ForeignTaskException(string name, string instanceId)
    : Exception($"{name} ({instanceId}) awaits something that is not a task of its context.");

namespace AppAttach.Embedded.Engine;

/// <summary>How an orchestrator goes on with an empty history.</summary>
/// <param name="Input">Input of the new run as JSON.</param>
/// <param name="Events">Events whose early ones go on to the new run; null: none do.</param>
internal sealed record Continuation(string? Input, EventQueues? Events);

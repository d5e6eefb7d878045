namespace AppAttach.Functions.Tests.Orchestration;

/// <summary>One thing that an orchestrator asked for.</summary>
/// <param name="Id">Its place in the order of asking.</param>
/// <param name="Name">Activity or sub-orchestration; <c>timer</c> for a timer.</param>
/// <param name="Input">Its input, as JSON.</param>
/// <param name="InstanceId">Instance id of a sub-orchestration.</param>
/// <param name="FireAt">Time of a timer.</param>
internal sealed record ReplayAction(int Id, string Name, string Input, string? InstanceId, DateTime? FireAt);

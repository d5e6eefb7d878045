using Microsoft.DurableTask;

namespace AppAttach.Functions.Tests.Orchestration;

/// <summary>One line of the history: something asked for has completed, or an event came.</summary>
/// <param name="ActionId">What completed; null for an event.</param>
/// <param name="Name">Its name, or the event's.</param>
/// <param name="Result">Result or payload, as JSON.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="At">When.</param>
internal sealed record ReplayCompletion(int? ActionId, string Name, string? Result, TaskFailureDetails? Failure, DateTime At);

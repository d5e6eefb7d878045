namespace AppAttach.Embedded.Engine;

/// <summary>What is known about an instance.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Name">The orchestrator's name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was started, UTC.</param>
/// <param name="UpdatedAt">Time of its last step, UTC.</param>
/// <param name="Input">Its input as JSON.</param>
/// <param name="Output">Its result as JSON; null unless it completed.</param>
/// <param name="CustomStatus">Its custom status as JSON.</param>
/// <param name="Failure">Why it failed; null unless it did.</param>
internal sealed record OrchestrationStatus(
    string InstanceId,
    string Name,
    OrchestrationState State,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    string? Input,
    string? Output,
    string? CustomStatus,
    OrchestrationFailure? Failure);

namespace AppAttach.Embedded.Engine;

/// <summary>An instance as the engine's table has it.</summary>
/// <param name="InstanceId">Its id.</param>
/// <param name="Execution">Identifies this run: a new one for each start and each continuation as new.</param>
/// <param name="Name">The orchestrator's name.</param>
/// <param name="State">Whether it runs.</param>
/// <param name="CustomStatus">Its custom status as JSON.</param>
/// <param name="UpdatedAt">Time of its last step, UTC.</param>
/// <param name="Sequence">How many entries its history has.</param>
internal sealed record InstanceRow(
    string InstanceId, string Execution, string Name, OrchestrationState State, string? CustomStatus, DateTime UpdatedAt, int Sequence);

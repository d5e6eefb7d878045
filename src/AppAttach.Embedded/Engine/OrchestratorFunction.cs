using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Engine;

/// <summary>Runs a new object of an orchestrator's class from the start.</summary>
/// <param name="context">The context.</param>
/// <param name="input">The input as JSON.</param>
/// <returns>The result as JSON.</returns>
internal delegate Task<string?> OrchestratorFunction(OrchestrationContext context, string? input);

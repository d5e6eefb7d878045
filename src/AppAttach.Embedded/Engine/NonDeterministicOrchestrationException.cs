namespace AppAttach.Embedded.Engine;

/// <summary>
/// An orchestrator, run again from its history, did something else than its history says. Either its code was changed in a way
/// that instances in flight cannot follow, or it reads something that changes from run to run. A human has to look.
/// </summary>
/// <param name="message">Where, what the history has, and what the code did.</param>
public sealed class NonDeterministicOrchestrationException(string message) : Exception(message);

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>How an instance ended: with a result as JSON, or with an error.</summary>
public sealed record OrchestrationEnd(string? Output, string? ErrorType, string? ErrorMessage);

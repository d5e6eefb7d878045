namespace AppAttach.Embedded.Engine;

/// <summary>An orchestrator or activity of that name is not registered with this engine. Trying again does not help.</summary>
/// <param name="message">Which name.</param>
public sealed class UnknownTaskException(string message) : Exception(message);

namespace AppAttach.Embedded.Engine;

/// <summary>Why an instance failed.</summary>
/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="Message">The exception's message.</param>
internal sealed record OrchestrationFailure(string ErrorType, string Message);

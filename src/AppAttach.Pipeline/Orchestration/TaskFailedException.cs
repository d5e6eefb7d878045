namespace AppAttach.Pipeline.Orchestration;

/// <summary>An activity or sub-orchestration failed, its last retry too. Crosses the history as a type name and a message.</summary>
/// <param name="taskName">Name of the activity or orchestrator.</param>
/// <param name="errorType">Full name of the exception's type.</param>
/// <param name="errorMessage">The exception's message.</param>
public sealed class TaskFailedException(string taskName, string errorType, string errorMessage)
    : Exception($"{taskName} failed: {errorMessage}")
{
    /// <summary>Name of the activity or orchestrator.</summary>
    public string TaskName { get; } = taskName;

    /// <summary>Full name of the exception's type.</summary>
    public string ErrorType { get; } = errorType;

    /// <summary>The exception's own message.</summary>
    public string ErrorMessage { get; } = errorMessage;
}

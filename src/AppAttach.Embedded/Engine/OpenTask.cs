namespace AppAttach.Embedded.Engine;

/// <summary>A task that an orchestrator has made and that has not ended.</summary>
internal abstract class OpenTask
{
    /// <summary>Ends it with a result.</summary>
    /// <param name="payload">The result as JSON; null where there is none.</param>
    public abstract void Complete(string? payload);

    /// <summary>Ends it with a failure.</summary>
    /// <param name="errorType">Full name of the exception's type.</param>
    /// <param name="errorMessage">The exception's message.</param>
    public abstract void Fail(string errorType, string errorMessage);
}

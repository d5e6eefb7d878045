namespace AppAttach.Pipeline.Intake;

/// <summary>The source of a package does not answer, or not now; another attempt may succeed.</summary>
public sealed class SourceUnavailableException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which address, and what it does.</param>
    /// <param name="innerException">What was met, if anything was thrown.</param>
    public SourceUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

namespace AppAttach.Listener;

/// <summary>What a command asks for cannot be done, for a reason that its sender is told. Whoever throws it has left no half-done work.</summary>
/// <param name="code">One of <see cref="Contracts.ErrorCodes"/>.</param>
/// <param name="message">A sentence: what failed, on what, what to do.</param>
/// <param name="innerException">What was caught, if anything.</param>
public sealed class CommandFailedException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>One of <see cref="Contracts.ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The HRESULT that Windows gave, if it did; the outcome carries it.</summary>
    public int? WindowsResult { get; init; }
}

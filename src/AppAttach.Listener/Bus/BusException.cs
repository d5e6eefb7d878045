using System.Net;

namespace AppAttach.Listener.Bus;

/// <summary>The bus does not do what it was asked. It may later.</summary>
/// <param name="message">What failed.</param>
/// <param name="status">What the bus answered; null when it did not.</param>
/// <param name="retryAfter">How long it asks to be left alone, if it said so.</param>
/// <param name="innerException">What was caught, if anything.</param>
internal sealed class BusException(string message, HttpStatusCode? status = null, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What the bus answered; null when it did not.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>How long it asks to be left alone, if it said so.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

namespace AppAttach.Pipeline.Ports;

/// <summary>A share is away, full or refuses; trying again later may work.</summary>
/// <param name="message">Which share, and what it said.</param>
/// <param name="innerException">What was caught, if anything.</param>
public sealed class ShareUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

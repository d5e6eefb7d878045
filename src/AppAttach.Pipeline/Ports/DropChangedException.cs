namespace AppAttach.Pipeline.Ports;

/// <summary>A dropped file was replaced or removed while it was being worked on; a replacement comes as a drop of its own.</summary>
/// <param name="message">Which file, and what happened to it.</param>
/// <param name="innerException">What was caught, if anything.</param>
public sealed class DropChangedException(string message, Exception? innerException = null) : Exception(message, innerException);

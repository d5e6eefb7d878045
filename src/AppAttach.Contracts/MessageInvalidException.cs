namespace AppAttach.Contracts;

/// <summary>A message that cannot be read (<see cref="ErrorCodes.MessageInvalid"/>): it will never be, so it is not tried again.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="innerException">What was caught, if anything.</param>
public sealed class MessageInvalidException(string message, Exception? innerException = null) : Exception(message, innerException);

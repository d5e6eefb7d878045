namespace AppAttach.Embedded.Bus;

/// <summary>The bus refuses; nothing was changed.</summary>
/// <param name="error">Why.</param>
/// <param name="message">The reason as a sentence.</param>
internal sealed class BusException(BusError error, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public BusError Error { get; } = error;
}

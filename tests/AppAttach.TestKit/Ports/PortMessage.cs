namespace AppAttach.TestKit.Ports;

/// <summary>A message as a receiver gets it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What it is about.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="CorrelationId">Id of what it answers.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="Properties">Its custom properties.</param>
/// <param name="Body">The body.</param>
public sealed record PortMessage(
    string Id,
    string? Label,
    string? ContentType,
    string? CorrelationId,
    string? SessionId,
    IReadOnlyDictionary<string, object> Properties,
    ReadOnlyMemory<byte> Body);

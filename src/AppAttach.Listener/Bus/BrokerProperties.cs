namespace AppAttach.Listener.Bus;

/// <summary>The header <c>BrokerProperties</c>, as far as the listener needs it; its members have the names of the wire.</summary>
internal sealed record BrokerProperties
{
    public string? MessageId { get; init; }

    public string? Label { get; init; }

    public long? SequenceNumber { get; init; }

    public string? LockToken { get; init; }

    /// <summary>RFC 1123 date.</summary>
    public string? LockedUntilUtc { get; init; }
}

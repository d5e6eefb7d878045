namespace AppAttach.Embedded.Bus;

/// <summary>A message as a receiver or an onlooker sees it.</summary>
internal sealed record BusDelivery
{
    /// <summary>What the sender gave; its id is set.</summary>
    public required BusMessage Message { get; init; }

    /// <summary>Path of the entity that it was read from.</summary>
    public required string EntityPath { get; init; }

    /// <summary>Its place in the entity, from 1.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>Its place in the topic or queue that it was sent to, from 1.</summary>
    public required long EnqueuedSequenceNumber { get; init; }

    /// <summary>When it appeared.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>How often it has been locked, this time included.</summary>
    public required int DeliveryCount { get; init; }

    /// <summary>Names the lock; null for a message that was only looked at.</summary>
    public Guid? LockToken { get; init; }

    /// <summary>When the lock ends unless it is renewed; null with <see cref="LockToken"/>.</summary>
    public DateTimeOffset? LockedUntil { get; init; }
}

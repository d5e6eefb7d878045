namespace AppAttach.Embedded.Bus;

/// <summary>A queue, topic, subscription or dead-letter queue as it is stored.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Path">Its path below the bus's address, without slashes at the ends; case does not matter.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ParentId">The topic of a subscription, the owner of a dead-letter queue; otherwise null.</param>
/// <param name="DeadLetterId">The dead-letter queue of a queue or subscription; otherwise null.</param>
/// <param name="Settings">How it behaves.</param>
internal sealed record BusEntity(long Id, string Path, BusEntityKind Kind, long? ParentId, long? DeadLetterId, BusEntitySettings Settings)
{
    /// <summary>Whether messages can be sent to it.</summary>
    public bool TakesMessages => Kind is BusEntityKind.Queue or BusEntityKind.Topic;

    /// <summary>Whether messages can be received from it.</summary>
    public bool HoldsMessages => Kind is not BusEntityKind.Topic;
}

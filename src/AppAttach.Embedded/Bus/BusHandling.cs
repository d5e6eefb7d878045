namespace AppAttach.Embedded.Bus;

/// <summary>What a handler says is to become of its message. To have it again after a rest, it throws.</summary>
/// <param name="Reason">A short, stable word; null: the message is completed.</param>
/// <param name="Description">A sentence for people.</param>
internal readonly record struct BusHandling(string? Reason, string? Description)
{
    /// <summary>The message has been dealt with.</summary>
    public static readonly BusHandling Complete;

    /// <summary>The message can never be handled.</summary>
    /// <param name="reason">A short, stable word.</param>
    /// <param name="description">A sentence for people.</param>
    /// <returns>The decision.</returns>
    public static BusHandling DeadLetter(string reason, string description) => new(reason, description);
}

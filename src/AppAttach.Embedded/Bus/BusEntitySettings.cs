namespace AppAttach.Embedded.Bus;

/// <summary>How a queue, topic or subscription behaves. The defaults are those of Azure Service Bus.</summary>
internal sealed record BusEntitySettings
{
    /// <summary>The longest lock that Azure Service Bus allows.</summary>
    public static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    /// <summary>How long a peeked message stays locked: more than zero, at most <see cref="LongestLock"/>.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a message is delivered, 1 or more, before it goes to the dead-letter queue.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>The longest life of a message; null: no end. A shorter life that the message itself names wins.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>Whether messages whose life has ended go to the dead-letter queue; if not, they vanish.</summary>
    public bool DeadLetterOnExpiry { get; init; }

    /// <summary>How long a message id is remembered, so that the same id again is dropped; null: never.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LockDuration, TimeSpan.Zero, nameof(LockDuration));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LockDuration, LongestLock, nameof(LockDuration));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDeliveryCount, 1, nameof(MaxDeliveryCount));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DefaultTimeToLive ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(DefaultTimeToLive));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            DuplicateDetectionWindow ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(DuplicateDetectionWindow));
    }
}

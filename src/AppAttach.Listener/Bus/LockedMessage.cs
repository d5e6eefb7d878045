namespace AppAttach.Listener.Bus;

/// <summary>A message that is ours until its lock runs out.</summary>
/// <param name="MessageId">Its id, as the sender gave it.</param>
/// <param name="Body">Its content.</param>
/// <param name="Address">Where it is renewed, completed and unlocked.</param>
/// <param name="LockDuration">How long a lock holds, by the bus's own clock.</param>
internal sealed record LockedMessage(string MessageId, ReadOnlyMemory<byte> Body, Uri Address, TimeSpan LockDuration);

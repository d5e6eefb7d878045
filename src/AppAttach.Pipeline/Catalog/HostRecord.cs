using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>A host as it last described itself.</summary>
/// <param name="Hello">What it said.</param>
/// <param name="FirstSeenAt">When it said hello for the first time.</param>
/// <param name="LastSeenAt">When it last said anything, by the pipeline's clock.</param>
/// <param name="IsWelcomed">Whether the rollouts of what its pool already had have been started for it; false again when it moves to another pool.</param>
/// <param name="Note">What an admin should mend so that the host gets anything; null: nothing.</param>
public sealed record HostRecord(HostHello Hello, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, bool IsWelcomed, string? Note = null);

using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>A host as it last described itself.</summary>
/// <param name="Hello">What it said.</param>
/// <param name="FirstSeenAt">When it said hello for the first time.</param>
/// <param name="LastSeenAt">When it last said anything, by the pipeline's clock.</param>
/// <param name="IsWelcomed">Whether it was told what its pool should have; false where the pool is not known.</param>
/// <param name="Note">What an admin should mend so that the host gets anything; null: nothing.</param>
public sealed record HostRecord(HostHello Hello, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, bool IsWelcomed, string? Note = null)
{
    /// <summary>Commands that brought it, or are to bring it, to what it should have: the last one for each kind and package.</summary>
    public IReadOnlyList<SentCommand> Commands { get; init; } = [];

    /// <summary>Pools that it belonged to before.</summary>
    public IReadOnlyList<string> FormerPools { get; init; } = [];

    /// <summary>The pool that another machine, or another listener, of this name claims for it at the same time; null: none did.</summary>
    public string? RivalPool { get; init; }

    /// <summary>When it last did.</summary>
    public DateTimeOffset? RivalSeenAt { get; init; }

    /// <summary>
    /// What the key is known by that its messages are signed with (<see cref="HostProof.Verify"/>), from its first signed hello on; null: it never signed one. What
    /// is not signed with it does not count for the host.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>When a hello without that key last spoke for it; null: none did.</summary>
    public DateTimeOffset? OtherKeySeenAt { get; init; }
}

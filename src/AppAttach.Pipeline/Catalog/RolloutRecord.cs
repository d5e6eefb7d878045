using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>One package being brought to the hosts of one pool.</summary>
public sealed record RolloutRecord
{
    /// <summary>Instance id of the orchestration, and key of the document.</summary>
    public required string Id { get; init; }

    /// <summary>The package.</summary>
    public required PackageReference Package { get; init; }

    /// <summary>The pool.</summary>
    public required string Pool { get; init; }

    /// <summary>Where it stands.</summary>
    public required RolloutState State { get; init; }

    /// <summary>Its hosts, in the order of their names; of a rollout in rings they are in documents of their own (<see cref="DocumentKinds.RolloutHosts"/>).</summary>
    public required IReadOnlyList<RolloutHost> Hosts { get; init; }

    /// <summary>Its rings, first to last; empty for a rollout without rings.</summary>
    public IReadOnlyList<RolloutRing> Rings { get; init; } = [];

    /// <summary>When its phases may begin; empty: at any time.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>What was asked of it.</summary>
    public RolloutControl Control { get; init; }

    /// <summary>Why it was halted, or which rollout superseded it: one of <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>Who or what asked for it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this document was last written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The exception for a rollout that an activity works for and that is gone: rollouts are never deleted, so a person must look.</summary>
    /// <param name="id">The rollout.</param>
    internal static InvalidOperationException Missing(string id) => new($"The rollout {id} is not in the catalog any more.");
}

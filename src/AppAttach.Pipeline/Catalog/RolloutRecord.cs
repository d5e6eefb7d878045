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

    /// <summary>Its hosts, in the order of their names.</summary>
    public required IReadOnlyList<RolloutHost> Hosts { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this document was last written.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

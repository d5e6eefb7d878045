namespace AppAttach.Contracts;

/// <summary>How a pool gets a family.</summary>
public sealed record AssignmentTerms
{
    /// <summary>Security identifiers or names of users and groups; empty: everyone on the pool's hosts.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>When users get it.</summary>
    public RegisterMode Mode { get; init; }

    /// <summary>Whether a newer release starts a rollout by itself. Default true.</summary>
    public bool AutoUpdate { get; init; } = true;

    /// <summary>Rings, first to last; empty: the whole pool at once.</summary>
    public IReadOnlyList<RingDefinition> Rings { get; init; } = [];

    /// <summary>Gate of the rings that have none of their own; null: the default one where there are rings, an open one where there are none.</summary>
    public GateDefinition? Gate { get; init; }

    /// <summary>When phases may begin; empty: at any time.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init; } = [];
}

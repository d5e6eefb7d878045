using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>Who gets a package family.</summary>
/// <param name="Family">Package family name, or <c>*</c> for every family.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Users">Security identifiers or names of users; empty: everyone on the pool's hosts.</param>
public sealed record AssignmentRecord(string Family, string Pool, IReadOnlyList<string> Users)
{
    /// <summary>When users get it.</summary>
    public RegisterMode Mode { get; init; }

    /// <summary>Whether a newer release starts a rollout by itself. Default true.</summary>
    public bool AutoUpdate { get; init; } = true;

    /// <summary>Rings, first to last; empty: the whole pool at once.</summary>
    public IReadOnlyList<RingDefinition> Rings { get; init; } = [];

    /// <summary>Gate of the rings that have none of their own; null: the default one where there are rings, an open one where there are none.</summary>
    public GateDefinition? Gate { get; init; }

    /// <summary>When phases of its rollouts may begin; empty: at any time.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>Who or what asked for it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>
    /// Id of the request that asked for it; null: none did, it is in the settings. Rollouts that it wants are started once for each such request,
    /// whoever notices first that they are missing.
    /// </summary>
    public string? Request { get; init; }

    /// <summary>Stands for every package family.</summary>
    public const string EveryFamily = "*";

    /// <summary>Key of the document.</summary>
    /// <param name="family">Package family name or <see cref="EveryFamily"/>.</param>
    /// <param name="pool">The pool.</param>
    /// <returns>The key.</returns>
    public static string KeyOf(string family, string pool) => $"{family}@{pool}";

    /// <summary>Whether a family is meant.</summary>
    /// <param name="familyName">Package family name; case does not matter, as in Windows.</param>
    /// <returns>Whether this assignment is about it.</returns>
    public bool Covers(string familyName) =>
        Family == EveryFamily || string.Equals(Family, familyName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The rings as a rollout goes through them: one of everybody where none are defined, each with its gate.</summary>
    /// <returns>The rings, first to last; at least one.</returns>
    public IReadOnlyList<RingDefinition> EffectiveRings() => Rings.Count == 0
        ? [new RingDefinition { Name = "everyone", Percent = 100, Gate = Gate ?? GateDefinition.Open }]
        : [.. Rings.Select(ring => ring with { Gate = ring.Gate ?? Gate ?? new GateDefinition() })];
}

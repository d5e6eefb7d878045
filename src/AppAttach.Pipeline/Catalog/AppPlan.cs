using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>What the hosts of a pool should have of one package family: one current release, and at most one rollout to another.</summary>
/// <param name="Family">Package family name.</param>
public sealed record AppPlan(string Family)
{
    /// <summary>How many earlier releases it remembers to go back to.</summary>
    public const int MostEarlier = 5;

    /// <summary>Users to register for; empty: everyone.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>When users get it.</summary>
    public RegisterMode Mode { get; init; }

    /// <summary>The release that every host should have unless the rollout, or one of <see cref="Reached"/>, has reached it; null: none.</summary>
    public PlannedRelease? Current { get; init; }

    /// <summary>Releases that never became current but that some rings had for good, the last one first: those rings' hosts should have them instead.</summary>
    public IReadOnlyList<ReachedRelease> Reached { get; init; } = [];

    /// <summary>Releases that were current before, the last one first.</summary>
    public IReadOnlyList<PlannedRelease> Earlier { get; init; } = [];

    /// <summary>The rollout that is in charge; null: none is under way.</summary>
    public PlannedRollout? Rollout { get; init; }

    /// <summary>The request that last went back to an earlier release; null: none did.</summary>
    public string? LastRollBack { get; init; }
}

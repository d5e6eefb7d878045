using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>The rollout that is in charge of a family in a pool.</summary>
/// <param name="Id">Its instance id.</param>
/// <param name="Release">What it brings.</param>
/// <param name="Rings">The rings, first to last.</param>
/// <param name="Phases">How far each of them is.</param>
public sealed record PlannedRollout(string Id, PlannedRelease Release, IReadOnlyList<RingDefinition> Rings, IReadOnlyList<RingPhase> Phases);

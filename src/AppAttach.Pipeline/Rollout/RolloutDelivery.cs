using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Rollout;

/// <summary>What a rollout brings to whom, fixed when it begins.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Release">The release.</param>
/// <param name="Users">Users to register for; empty: everyone.</param>
/// <param name="Mode">When users get it.</param>
public sealed record RolloutDelivery(string Pool, PlannedRelease Release, IReadOnlyList<string> Users, RegisterMode Mode);

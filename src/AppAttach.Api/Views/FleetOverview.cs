using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Api.Views;

/// <summary>The fleet at one look.</summary>
/// <param name="Attention">What needs a human, the worst first.</param>
/// <param name="Packages">Packages on their way, and those that came last.</param>
/// <param name="Rollouts">Rollouts that are under way, and those that ended last.</param>
/// <param name="Regions">The regions.</param>
/// <param name="Pools">The pools, with their hosts by state.</param>
public sealed record FleetOverview(
    IReadOnlyList<AttentionItem> Attention,
    IReadOnlyList<PackageRecord> Packages,
    IReadOnlyList<RolloutSummary> Rollouts,
    IReadOnlyList<RegionSummary> Regions,
    IReadOnlyList<PoolSummary> Pools);

/// <summary>Something that needs a human.</summary>
/// <param name="View">The view that shows it: <c>package</c>, <c>rollout</c>, <c>host</c>, <c>hosts</c> or <c>dead-letters</c>.</param>
/// <param name="Key">Key of the document there; of <c>hosts</c> their condition, of <c>dead-letters</c> the queue or subscription.</param>
/// <param name="Title">What it is about.</param>
/// <param name="Code">Its stable code.</param>
/// <param name="Message">What happened.</param>
/// <param name="NextStep">What to do about it.</param>
/// <param name="At">Since when.</param>
public sealed record AttentionItem(string View, string Key, string Title, string? Code, string Message, string NextStep, DateTimeOffset? At);

/// <summary>A rollout without its hosts.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Package">What it brings.</param>
/// <param name="Pool">Where to.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Control">What was asked of it.</param>
/// <param name="Code">What it ended or halted with.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="RequestedBy">Who or what asked for it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Rings">Its rings, first to last.</param>
public sealed record RolloutSummary(
    string Id,
    PackageReference Package,
    string Pool,
    RolloutState State,
    RolloutControl Control,
    string? Code,
    string? Message,
    string? RequestedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<RingSummary> Rings);

/// <summary>A ring of a rollout.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Standing">How to see it: <c>done</c>, <c>now</c>, <c>waiting</c> or <c>failed</c>.</param>
/// <param name="Phase">The phase it is in.</param>
/// <param name="Since">Since when.</param>
/// <param name="Gate">What must hold of it.</param>
/// <param name="Hosts">How many hosts it has, as far as it was reached.</param>
/// <param name="Succeeded">How many of them came through the phase.</param>
/// <param name="Failed">How many failed.</param>
/// <param name="Silent">How many said nothing.</param>
/// <param name="Unfit">How many cannot take the release.</param>
public sealed record RingSummary(
    string Name, string Standing, RingPhase Phase, DateTimeOffset? Since, GateDefinition? Gate, int Hosts, int Succeeded, int Failed, int Silent, int Unfit);

/// <summary>A region.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Releases">Releases that are available anywhere.</param>
/// <param name="Copies">Verified copies in this region.</param>
/// <param name="SizeBytes">Their images' sizes together, in bytes.</param>
public sealed record RegionSummary(string Name, int Releases, int Copies, long SizeBytes);

/// <summary>A pool's hosts by state.</summary>
/// <param name="Name">The pool.</param>
/// <param name="Region">Its region; null: the pool is not known, some host says it is in it.</param>
/// <param name="Hosts">How many hosts it has; one of several pools counts in each.</param>
/// <param name="States">How many in each <see cref="HostCondition"/>, by its name in kebab case.</param>
public sealed record PoolSummary(string Name, string? Region, int Hosts, IReadOnlyDictionary<string, int> States);

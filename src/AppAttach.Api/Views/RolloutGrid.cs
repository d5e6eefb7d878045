namespace AppAttach.Api.Views;

/// <summary>A rollout with every host.</summary>
/// <param name="Rollout">The rollout.</param>
/// <param name="Rings">Its rings, with their hosts.</param>
/// <param name="Failures">What failed, by code, the most frequent first.</param>
public sealed record RolloutGrid(RolloutSummary Rollout, IReadOnlyList<RingGrid> Rings, IReadOnlyList<FailureGroup> Failures);

/// <summary>A ring's hosts.</summary>
/// <param name="Name">The ring.</param>
/// <param name="Hosts">Its hosts, by name.</param>
public sealed record RingGrid(string Name, IReadOnlyList<HostCell> Hosts);

/// <summary>A host in a rollout.</summary>
/// <param name="Host">The host.</param>
/// <param name="State"><c>waiting</c>, <c>staging</c>, <c>staged</c>, <c>registered</c>, <c>failed</c>, <c>silent</c> or <c>unfit</c>.</param>
/// <param name="Code">What it failed with.</param>
public sealed record HostCell(string Host, string State, string? Code);

/// <summary>Failures with one code.</summary>
/// <param name="Code">The code.</param>
/// <param name="Count">How many hosts.</param>
/// <param name="Message">What one of them said.</param>
/// <param name="NextStep">What to do.</param>
/// <param name="Examples">Some of the hosts.</param>
public sealed record FailureGroup(string Code, int Count, string Message, string NextStep, IReadOnlyList<string> Examples);

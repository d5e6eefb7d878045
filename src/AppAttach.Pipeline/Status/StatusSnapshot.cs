using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Status;

/// <summary>Everything that an operator asks first, at one moment.</summary>
/// <param name="Packages">What was dropped, newest first.</param>
/// <param name="Releases">What is available, by full name.</param>
/// <param name="Rollouts">What is on its way to hosts or has arrived, newest first.</param>
/// <param name="Hosts">The hosts, by name.</param>
public sealed record StatusSnapshot(
    IReadOnlyList<PackageRecord> Packages,
    IReadOnlyList<ReleaseRecord> Releases,
    IReadOnlyList<RolloutRecord> Rollouts,
    IReadOnlyList<HostRecord> Hosts);

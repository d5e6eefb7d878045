using AppAttach.Pipeline.Catalog;

namespace AppAttach.Embedded.Demo;

/// <summary>Everything in a demo's catalog, at one moment.</summary>
/// <param name="Packages">What was dropped, newest first.</param>
/// <param name="Releases">What is available, by full name.</param>
/// <param name="Rollouts">What is on its way to hosts or has arrived, newest first.</param>
/// <param name="Hosts">The hosts, by name.</param>
internal sealed record DemoStatus(
    IReadOnlyList<PackageRecord> Packages,
    IReadOnlyList<ReleaseRecord> Releases,
    IReadOnlyList<RolloutRecord> Rollouts,
    IReadOnlyList<HostRecord> Hosts);

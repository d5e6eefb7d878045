using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Demo;

/// <summary>Reads from the catalog what a demo shows: everything, for its fleet is small.</summary>
/// <param name="catalog">The catalog.</param>
internal sealed class DemoStatusReader(ICatalog catalog)
{
    /// <summary>Reads everything.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The state of the demo's fleet.</returns>
    public async Task<DemoStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var packages = await catalog.ReadAllAsync<PackageRecord>(DocumentKinds.Packages, cancellationToken);
        var releases = await catalog.ReadAllAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken);
        var rollouts = await catalog.ReadAllAsync<RolloutRecord>(DocumentKinds.Rollouts, cancellationToken);
        var batches = (await catalog.ReadAllAsync<RolloutBatch>(DocumentKinds.RolloutHosts, cancellationToken)).ToLookup(batch => batch.RolloutId);
        rollouts = [.. rollouts.Select(rollout => rollout.Rings.Count == 0 ? rollout : rollout with
        {
            Hosts = [.. batches[rollout.Id].SelectMany(batch => batch.Hosts).OrderBy(host => host.Host, StringComparer.Ordinal)],
        })];
        var hosts = await catalog.ReadAllAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken);
        return new DemoStatus(
            [.. packages.OrderByDescending(package => package.StartedAt).ThenBy(package => package.Id, StringComparer.Ordinal)],
            releases,
            [.. rollouts.OrderByDescending(rollout => rollout.StartedAt).ThenBy(rollout => rollout.Id, StringComparer.Ordinal)],
            hosts);
    }
}

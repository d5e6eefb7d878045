using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Status;

/// <summary>Reads from the catalog what an operator asks.</summary>
/// <param name="catalog">The catalog.</param>
public sealed class StatusReader(ICatalog catalog)
{
    /// <summary>Reads everything.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The state of the fleet.</returns>
    public async Task<StatusSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var packages = await ReadAsync<PackageRecord>(DocumentKinds.Packages, cancellationToken);
        var releases = await ReadAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken);
        var rollouts = await ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, cancellationToken);
        var batches = (await ReadAsync<RolloutBatch>(DocumentKinds.RolloutHosts, cancellationToken)).ToLookup(batch => batch.RolloutId);
        rollouts = [.. rollouts.Select(rollout => rollout.Rings.Count == 0 ? rollout : rollout with
        {
            Hosts = [.. batches[rollout.Id].SelectMany(batch => batch.Hosts).OrderBy(host => host.Host, StringComparer.Ordinal)],
        })];
        var hosts = await ReadAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken);
        return new StatusSnapshot(
            [.. packages.OrderByDescending(package => package.StartedAt).ThenBy(package => package.Id, StringComparer.Ordinal)],
            releases,
            [.. rollouts.OrderByDescending(rollout => rollout.StartedAt).ThenBy(rollout => rollout.Id, StringComparer.Ordinal)],
            hosts);
    }

    private async Task<IReadOnlyList<TDocument>> ReadAsync<TDocument>(string kind, CancellationToken cancellationToken)
        where TDocument : class =>
        await catalog.ListAsync<TDocument>(kind, cancellationToken).Select(entry => entry.Document).ToListAsync(cancellationToken);
}

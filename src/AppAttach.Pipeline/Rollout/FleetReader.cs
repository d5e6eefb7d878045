using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Reads from the catalog what rollouts ask of the fleet.</summary>
/// <param name="catalog">The catalog.</param>
public sealed class FleetReader(ICatalog catalog)
{
    /// <summary>The pool's assignment that a family has: its own one before the one of every family.</summary>
    /// <param name="pool">The pool; case does not matter.</param>
    /// <param name="family">Package family name.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The assignment, or null.</returns>
    public async Task<AssignmentRecord?> FindAssignmentAsync(string pool, string family, CancellationToken cancellationToken) =>
        Find(await AssignmentsAsync(cancellationToken), pool, family);

    /// <summary>All assignments.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The assignments.</returns>
    public ValueTask<List<AssignmentRecord>> AssignmentsAsync(CancellationToken cancellationToken) =>
        catalog.ReadAllAsync<AssignmentRecord>(DocumentKinds.Assignments, cancellationToken);

    /// <summary>The assignment that a family has in a pool.</summary>
    /// <param name="assignments">All assignments.</param>
    /// <param name="pool">The pool; case does not matter.</param>
    /// <param name="family">Package family name.</param>
    /// <returns>The assignment, or null.</returns>
    public static AssignmentRecord? Find(List<AssignmentRecord> assignments, string pool, string family) => assignments
        .Where(assignment => string.Equals(assignment.Pool, pool, StringComparison.OrdinalIgnoreCase) && assignment.Covers(family))
        .MinBy(assignment => assignment.Family == AssignmentRecord.EveryFamily);

    /// <summary>The hosts of a pool, by name.</summary>
    /// <param name="pool">The pool; case does not matter.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The hosts.</returns>
    public ValueTask<List<HostRecord>> HostsAsync(string pool, CancellationToken cancellationToken) =>
        catalog.ListAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken)
            .Select(entry => entry.Document)
            .Where(host => host.Hello.Pools.Contains(pool, StringComparer.OrdinalIgnoreCase))
            .ToListAsync(cancellationToken);

    /// <summary>The hosts of a pool that have a family from it, and not from another of their pools, by name.</summary>
    /// <param name="pool">The pool; case does not matter.</param>
    /// <param name="family">Package family name; the pool's plan has it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The hosts.</returns>
    public async Task<List<HostRecord>> HostsAsync(string pool, string family, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, PoolPlan>(StringComparer.OrdinalIgnoreCase);
        var hosts = new List<HostRecord>();
        foreach (var host in await HostsAsync(pool, cancellationToken))
        {
            if (await IsSuppliedByAsync(pool, family, host.Hello.Host, host.Hello.Pools, known, cancellationToken))
            {
                hosts.Add(host);
            }
        }

        return hosts;
    }

    /// <summary>Whether a host of a pool has a family from it, and not from another of its pools.</summary>
    /// <param name="pool">The pool; case does not matter.</param>
    /// <param name="family">Package family name; the pool's plan has it.</param>
    /// <param name="host">The host.</param>
    /// <param name="pools">The host's pools, in its order.</param>
    /// <param name="known">Plans that were read before; those that are read are added.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it has; true where it is in one pool only.</returns>
    public async Task<bool> IsSuppliedByAsync(
        string pool, string family, string host, IReadOnlyList<string> pools, Dictionary<string, PoolPlan> known, CancellationToken cancellationToken)
    {
        // Of those before it in the host's order, none may have it.
        var before = pools.TakeWhile(other => !string.Equals(other, pool, StringComparison.OrdinalIgnoreCase)).ToList();
        return HostPlan.FindPlan(await PlansAsync(before, known, cancellationToken), family, host) is null;
    }

    /// <summary>The plans of pools.</summary>
    /// <param name="pools">The pools.</param>
    /// <param name="known">Plans that were read before; those that are read are added.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A plan for each pool, in the same order; one without families where there is none.</returns>
    public async Task<IReadOnlyList<PoolPlan>> PlansAsync(IReadOnlyList<string> pools, Dictionary<string, PoolPlan> known, CancellationToken cancellationToken)
    {
        foreach (var pool in pools)
        {
            if (!known.ContainsKey(pool))
            {
                known[pool] = (await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(pool), cancellationToken))?.Document ?? new PoolPlan(pool);
            }
        }

        return [.. pools.Select(pool => known[pool])];
    }

    /// <summary>The hosts of a ring, batch after batch.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="ring">Number of the ring.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The hosts.</returns>
    public async Task<List<RolloutHost>> HostsOfRingAsync(RolloutRecord rollout, int ring, CancellationToken cancellationToken) =>
        [.. (await BatchesAsync(rollout, ring, cancellationToken)).SelectMany(batch => batch.Hosts)];

    /// <summary>The batches of a ring, as far as they are there.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="ring">Number of the ring.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The batches, in their order.</returns>
    public async Task<List<RolloutBatch>> BatchesAsync(RolloutRecord rollout, int ring, CancellationToken cancellationToken)
    {
        var batches = new List<RolloutBatch>();
        for (var batch = 0; batch < rollout.Rings[ring].Batches; batch++)
        {
            var key = RolloutBatch.KeyOf(rollout.Id, ring, batch);
            if (await catalog.ReadAsync<RolloutBatch>(DocumentKinds.RolloutHosts, key, cancellationToken) is { } entry)
            {
                batches.Add(entry.Document);
            }
        }

        return batches;
    }
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Starts the rollouts that assignments ask for. Instance ids say what a rollout is for, so asking twice starts one.</summary>
/// <param name="catalog">Holds releases and assignments.</param>
/// <param name="orchestrations">Starts orchestrations.</param>
/// <param name="options">The pools.</param>
public sealed class RolloutStarter(ICatalog catalog, IOrchestrationClient orchestrations, PipelineOptions options)
{
    /// <summary>Starts a release's rollouts to the assigned pools of one region, unless the region has a newer one of its family.</summary>
    /// <param name="release">The release; it has a copy in the region.</param>
    /// <param name="region">The region.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Instance ids of the rollouts.</returns>
    public async Task<IReadOnlyList<string>> StartForRegionAsync(ReleaseRecord release, string region, CancellationToken cancellationToken)
    {
        var started = new List<string>();
        var available = await AvailableAsync(region, cancellationToken);
        if (available.Exists(other => other.Package.IsNewerThan(release.Package)))
        {
            // An older version that is dropped late is there to be had, but nobody is taken back to it.
            return started;
        }

        var assignments = await AssignmentsAsync(cancellationToken);
        foreach (var pool in options.Pools.Where(pool => pool.Region == region))
        {
            if (Find(assignments, pool, release.Package.FamilyName) is { } assignment)
            {
                started.Add(await StartAsync(release, pool, assignment, host: null, cancellationToken));
            }
        }

        return started;
    }

    /// <summary>
    /// Brings a host that has never been seen before what its pool already has: the newest release of each assigned family.
    /// </summary>
    /// <param name="pool">The host's pool.</param>
    /// <param name="host">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Instance ids of the rollouts.</returns>
    public async Task<IReadOnlyList<string>> StartForNewHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        var started = new List<string>();
        if (options.FindPool(pool) is not { } known)
        {
            return started;
        }

        var assignments = await AssignmentsAsync(cancellationToken);
        var available = await AvailableAsync(known.Region, cancellationToken);
        foreach (var release in available.Where(release => !available.Exists(other => other.Package.IsNewerThan(release.Package))))
        {
            if (Find(assignments, known, release.Package.FamilyName) is { } assignment)
            {
                started.Add(await StartAsync(release, known, assignment, host, cancellationToken));
            }
        }

        return started;
    }

    /// <summary>The pool's assignment that a family has: its own one before the one of every family.</summary>
    private static AssignmentRecord? Find(List<AssignmentRecord> assignments, PoolOptions pool, string family) => assignments
        .Where(assignment => string.Equals(assignment.Pool, pool.Name, StringComparison.OrdinalIgnoreCase) && assignment.Covers(family))
        .MinBy(assignment => assignment.Family == AssignmentRecord.EveryFamily);

    private ValueTask<List<AssignmentRecord>> AssignmentsAsync(CancellationToken cancellationToken) =>
        catalog.ListAsync<AssignmentRecord>(DocumentKinds.Assignments, cancellationToken)
            .Select(entry => entry.Document)
            .ToListAsync(cancellationToken);

    /// <summary>The releases that have a copy in a region.</summary>
    private ValueTask<List<ReleaseRecord>> AvailableAsync(string region, CancellationToken cancellationToken) =>
        catalog.ListAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken)
            .Select(entry => entry.Document)
            .Where(release => release.Copies.Any(copy => copy.Region == region))
            .ToListAsync(cancellationToken);

    private async Task<string> StartAsync(
        ReleaseRecord release,
        PoolOptions pool,
        AssignmentRecord assignment,
        string? host,
        CancellationToken cancellationToken)
    {
        var image = release.Image!;
        var copy = release.Copies.First(candidate => candidate.Region == pool.Region);
        var input = new RolloutInput(
            release.Package,
            pool.Name,
            new ImageReference(copy.Path, image.Digest, image.SizeBytes, image.Format, image.RootFolder),
            assignment.Users,
            options.CommandDeadline,
            host);
        var instanceId = input.ToInstanceId();
        await orchestrations.StartAsync(nameof(RolloutOrchestrator), instanceId, input, cancellationToken);
        return instanceId;
    }
}

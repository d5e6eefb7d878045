using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Starts the rollouts that assignments ask for. Instance ids say what a rollout is for, so asking twice starts one.</summary>
/// <param name="catalog">Holds releases and assignments.</param>
/// <param name="orchestrations">Starts orchestrations.</param>
/// <param name="options">The pools.</param>
public sealed class RolloutStarter(ICatalog catalog, IOrchestrationClient orchestrations, PipelineOptions options)
{
    /// <summary>Starts a release's rollouts to the assigned pools of one region.</summary>
    /// <param name="release">The release; it has a copy in the region.</param>
    /// <param name="region">The region.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Instance ids of the rollouts.</returns>
    public async Task<IReadOnlyList<string>> StartForRegionAsync(ReleaseRecord release, string region, CancellationToken cancellationToken)
    {
        var started = new List<string>();
        await foreach (var (_, assignment, _) in catalog.ListAsync<AssignmentRecord>(DocumentKinds.Assignments, cancellationToken))
        {
            var isInRegion = options.Pools.Any(pool => pool.Name == assignment.Pool && pool.Region == region);
            if (isInRegion && assignment.Covers(release.Package.FamilyName))
            {
                started.Add(await StartAsync(release, region, assignment, host: null, cancellationToken));
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
        if (options.Pools.FirstOrDefault(candidate => candidate.Name == pool) is not { } known)
        {
            return started;
        }

        var assignments = await catalog.ListAsync<AssignmentRecord>(DocumentKinds.Assignments, cancellationToken)
            .Select(entry => entry.Document)
            .Where(assignment => assignment.Pool == pool)
            .ToListAsync(cancellationToken);
        var available = await catalog.ListAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken)
            .Select(entry => entry.Document)
            .Where(release => release.Copies.Any(copy => copy.Region == known.Region))
            .ToListAsync(cancellationToken);
        foreach (var family in available.GroupBy(release => release.Package.FamilyName, StringComparer.OrdinalIgnoreCase))
        {
            if (assignments.FirstOrDefault(assignment => assignment.Covers(family.Key)) is { } assignment)
            {
                var newest = family.MaxBy(release => Version.Parse(release.Package.Version))!;
                started.Add(await StartAsync(newest, known.Region, assignment, host, cancellationToken));
            }
        }

        return started;
    }

    private async Task<string> StartAsync(
        ReleaseRecord release,
        string region,
        AssignmentRecord assignment,
        string? host,
        CancellationToken cancellationToken)
    {
        var image = release.Image!;
        var copy = release.Copies.First(candidate => candidate.Region == region);
        var input = new RolloutInput(
            release.Package,
            assignment.Pool,
            new ImageReference(copy.Path, image.Digest, image.SizeBytes, image.Format, image.RootFolder),
            assignment.Users,
            options.CommandDeadline,
            host);
        var instanceId = input.ToInstanceId();
        await orchestrations.StartAsync(nameof(RolloutOrchestrator), instanceId, input, cancellationToken);
        return instanceId;
    }
}

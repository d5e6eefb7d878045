using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Starts the rollouts that assignments ask for. Instance ids say what a rollout is for, so asking twice starts one.</summary>
/// <param name="catalog">Holds releases and plans.</param>
/// <param name="fleet">Finds assignments.</param>
/// <param name="orchestrations">Starts orchestrations.</param>
/// <param name="options">The pools.</param>
public sealed class RolloutStarter(ICatalog catalog, FleetReader fleet, IOrchestrationClient orchestrations, PipelineOptions options)
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
        if (release.RetiredAt is not null || available.Exists(other => other.Package.IsNewerThan(release.Package)))
        {
            // An older version that is dropped late is there to be had, but nobody is taken back to it.
            return started;
        }

        var assignments = await fleet.AssignmentsAsync(cancellationToken);
        foreach (var pool in options.Pools.Where(pool => pool.Region == region))
        {
            if (FleetReader.Find(assignments, pool.Name, release.Package.FamilyName) is { } assignment
                && await IsDueAsync(assignment, pool, release.Package, cancellationToken))
            {
                started.Add(await StartAssignedAsync(release, pool, assignment, cancellationToken));
            }
        }

        return started;
    }

    /// <summary>
    /// Starts a rollout of the newest release of each family that is assigned to a pool and that the pool's plan does not know yet: after
    /// an assignment, and when a host of an older version of this software is taken over.
    /// </summary>
    /// <param name="poolName">The pool.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Instance ids of the rollouts.</returns>
    public async Task<IReadOnlyList<string>> StartMissingAsync(string poolName, CancellationToken cancellationToken)
    {
        var started = new List<string>();
        if (options.FindPool(poolName) is not { } pool)
        {
            return started;
        }

        var assignments = await fleet.AssignmentsAsync(cancellationToken);
        var available = await AvailableAsync(pool.Region, cancellationToken);
        var plan = await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(pool.Name), cancellationToken);
        foreach (var release in available.Where(release => !available.Exists(other => other.Package.IsNewerThan(release.Package))))
        {
            var app = plan?.Document.Find(release.Package.FamilyName);
            if (app is null or { Current: null, Rollout: null } && FleetReader.Find(assignments, pool.Name, release.Package.FamilyName) is { } assignment)
            {
                started.Add(await StartAssignedAsync(release, pool, assignment, cancellationToken));
            }
        }

        return started;
    }

    /// <summary>Starts a rollout that someone asked for.</summary>
    /// <param name="release">The release; it has a copy in the pool's region.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="request">Id of the request.</param>
    /// <param name="requestedBy">Who or what asks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Instance id of the rollout.</returns>
    public Task<string> StartAskedAsync(
        ReleaseRecord release, PoolOptions pool, string request, string requestedBy, CancellationToken cancellationToken) =>
        StartAsync(release, pool, request, requestedBy, isAsked: true, cancellationToken);

    /// <summary>
    /// Starts a rollout that nobody asked for but that an assignment wants. The release, the request that assigned, and upkeep may each come to this first,
    /// even while another of them is at it: all name it alike, so that it is one rollout with one origin.
    /// </summary>
    private Task<string> StartAssignedAsync(
        ReleaseRecord release, PoolOptions pool, AssignmentRecord assignment, CancellationToken cancellationToken)
    {
        var assigned = assignment.Request is null ? "" : $", assigned by {assignment.RequestedBy}";
        return StartAsync(
            release, pool, assignment.Request, $"the release of {release.Package.FullName}{assigned}", isAsked: false, cancellationToken);
    }

    private async Task<string> StartAsync(
        ReleaseRecord release, PoolOptions pool, string? request, string requestedBy, bool isAsked, CancellationToken cancellationToken)
    {
        var instanceId = RolloutIds.Of(release.Package.FullName, release.Image!.Digest, pool.Name, request);
        var input = new RunRolloutInput(release.Package, pool.Name, requestedBy, isAsked);
        await orchestrations.StartAsync(nameof(RunRolloutOrchestrator), instanceId, input, cancellationToken);
        return instanceId;
    }

    /// <summary>Whether a release comes to a pool by itself: as an update where updates do, or as the first one.</summary>
    private async Task<bool> IsDueAsync(AssignmentRecord assignment, PoolOptions pool, PackageReference package, CancellationToken cancellationToken) =>
        assignment.AutoUpdate
        || (await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(pool.Name), cancellationToken))?.Document.Find(package.FamilyName)
            is null or { Current: null, Rollout: null };

    /// <summary>The releases that have a copy in a region and are not retired.</summary>
    private ValueTask<List<ReleaseRecord>> AvailableAsync(string region, CancellationToken cancellationToken) =>
        catalog.ListAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken)
            .Select(entry => entry.Document)
            .Where(release => release is { RetiredAt: null, Image: not null } && release.Copies.Any(copy => copy.Region == region))
            .ToListAsync(cancellationToken);
}

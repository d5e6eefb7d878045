using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline.Requests;

/// <summary>Does what requests ask for. Each verb may be done twice with one result, for a crash may come before its answer is recorded.</summary>
/// <param name="catalog">Holds everything.</param>
/// <param name="fleet">Finds assignments.</param>
/// <param name="starter">Starts rollouts.</param>
/// <param name="signals">Reaches rollouts that are under way.</param>
/// <param name="reconciler">Brings hosts to what they should have.</param>
/// <param name="sources">Says where packages may be fetched from.</param>
/// <param name="orchestrations">Starts the fetching of packages.</param>
/// <param name="options">The pools.</param>
/// <param name="clock">The clock.</param>
public sealed class RequestVerbs(
    ICatalog catalog,
    FleetReader fleet,
    RolloutStarter starter,
    RolloutSignals signals,
    HostReconciler reconciler,
    PackageSources sources,
    IOrchestrationClient orchestrations,
    PipelineOptions options,
    TimeProvider clock)
{
    /// <summary>Does what a request asks for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    public async Task<RequestReply> DoAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        if (request.Pool is { } pool && options.FindPool(pool) is null)
        {
            return Refuse(request, ErrorCodes.NotFound, $"There is no pool {pool}; there are {string.Join(", ", options.Pools.Select(known => known.Name))}.");
        }

        return request.Verb switch
        {
            RequestVerb.Publish => await PublishAsync(request, cancellationToken),
            RequestVerb.Assign => await AssignAsync(request, cancellationToken),
            RequestVerb.Unassign => await UnassignAsync(request, cancellationToken),
            RequestVerb.StartRollout => await StartRolloutAsync(request, cancellationToken),
            RequestVerb.Pause => await ControlAsync(request, RolloutControl.Pause, cancellationToken),
            RequestVerb.Resume => await ControlAsync(request, RolloutControl.Run, cancellationToken),
            RequestVerb.RollBack => await RollBackAsync(request, cancellationToken),
            RequestVerb.Retire => await RetireAsync(request, cancellationToken),
            _ => await ReconcileAsync(request, cancellationToken),
        };
    }

    private static RequestReply Accept(PipelineRequest request, string message, params IReadOnlyList<string> rollouts) =>
        new() { RequestId = request.Id, IsAccepted = true, Message = message, Rollouts = rollouts };

    private static RequestReply Refuse(PipelineRequest request, string code, string message) =>
        new() { RequestId = request.Id, IsAccepted = false, Code = code, Message = message };

    private static string By(PipelineRequest request) => $"request {request.Id} of {request.RequestedBy}";

    private async Task<RequestReply> PublishAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        var source = new Uri(request.Source!);
        if (!sources.Allows(source))
        {
            return Refuse(request, ErrorCodes.PolicyRefused, $"{PackageSources.Shown(source)} is below none of the addresses that packages are fetched from; an admin may add it.");
        }

        var name = request.Name ?? Uri.UnescapeDataString(source.Segments[^1]);
        if (PackageDropHandler.FindNameProblem(name) is { } problem)
        {
            return Refuse(request, ErrorCodes.UnsafeName, problem);
        }

        // The name that no other file has: what is found under it is what this request fetched before.
        var instanceId = FetchPackageInput.InstanceIdOf(request.Id);
        var unique = $"{Path.GetFileNameWithoutExtension(name)}.{instanceId[^8..]}{Path.GetExtension(name)}";
        await orchestrations.StartAsync(
            nameof(FetchPackageOrchestrator), instanceId, new FetchPackageInput(instanceId, request.Source!, unique, request.Digest, By(request)), cancellationToken);
        return Accept(request, $"{PackageSources.Shown(source)} is being fetched; in the inbox it is {unique}.");
    }

    private async Task<RequestReply> AssignAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        var terms = request.Terms!;
        var pool = options.FindPool(request.Pool!)!.Name;
        var assignment = new AssignmentRecord(request.Family!, pool, terms.Users)
        {
            Mode = terms.Mode,
            AutoUpdate = terms.AutoUpdate,
            Rings = terms.Rings,
            Gate = terms.Gate,
            Windows = terms.Windows,
            RequestedBy = By(request),
            Request = request.Id,
        };
        await catalog.UpdateAsync<AssignmentRecord>(
            DocumentKinds.Assignments, AssignmentRecord.KeyOf(request.Family!, pool), _ => assignment, cancellationToken);
        var all = await fleet.AssignmentsAsync(cancellationToken);
        await ChangePlanAsync(
            pool,
            plan => plan.Assign(assignment, family => FleetReader.Find(all, pool, family)?.Family == assignment.Family),
            cancellationToken);
        await reconciler.ReconcilePoolAsync(pool, cancellationToken);
        var started = await starter.StartMissingAsync(pool, cancellationToken);
        return Accept(request, $"{request.Family} is assigned to {pool}; {started.Count} rollouts began.", started);
    }

    private async Task<RequestReply> UnassignAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        var pool = options.FindPool(request.Pool!)!.Name;
        var key = AssignmentRecord.KeyOf(request.Family!, pool);
        await catalog.DeleteAsync(DocumentKinds.Assignments, key, cancellationToken);
        var left = await fleet.AssignmentsAsync(cancellationToken);
        var plan = await ChangePlanAsync(
            pool,
            current => current.Apps.Where(app => FleetReader.Find(left, pool, app.Family) is null).Aggregate(current, (next, app) => next.Remove(app.Family)),
            cancellationToken);
        foreach (var app in plan.Apps.Where(app => app.Current is null))
        {
            await signals.TellOthersAsync(pool, app.Family, exceptId: null, cancellationToken);
        }

        await reconciler.ReconcilePoolAsync(pool, cancellationToken);
        return Accept(request, $"{request.Family} is not assigned to {pool} any more; hosts give it up.");
    }

    private async Task<RequestReply> StartRolloutAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        var pool = options.FindPool(request.Pool!)!;
        var release = (await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, request.Package!, cancellationToken))?.Document;
        if (release is null)
        {
            return Refuse(request, ErrorCodes.NotFound, $"There is no release {request.Package}.");
        }

        if (release.RetiredAt is { } retired)
        {
            return Refuse(request, ErrorCodes.StateConflict, $"{request.Package} was retired at {retired:u}.");
        }

        if (release.Image is null || release.Copies.All(copy => copy.Region != pool.Region))
        {
            return Refuse(request, ErrorCodes.StateConflict, $"{request.Package} has no verified copy in the region {pool.Region} yet.");
        }

        if (await fleet.FindAssignmentAsync(pool.Name, release.Package.FamilyName, cancellationToken) is null)
        {
            return Refuse(request, ErrorCodes.NotFound, $"{release.Package.FamilyName} is not assigned to {pool.Name}: assign it first.");
        }

        var id = await starter.StartAskedAsync(release, pool, request.Id, By(request), cancellationToken);
        return Accept(request, $"The rollout of {request.Package} to {pool.Name} began.", id);
    }

    private async Task<RequestReply> ControlAsync(PipelineRequest request, RolloutControl control, CancellationToken cancellationToken)
    {
        if (await FindRolloutAsync(request, cancellationToken) is not { } id)
        {
            return Refuse(request, ErrorCodes.NotFound, "There is no such rollout, or none is under way for that family and pool.");
        }

        // The plan names a rollout a moment before it has a record.
        if (await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, id, cancellationToken) is null)
        {
            return Refuse(request, ErrorCodes.StateConflict, $"The rollout {id} is only beginning: ask again.");
        }

        var rollout = await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            id,
            current => current is not null && current.State.IsUnderWay() && current.Control != RolloutControl.RollBack
                ? current with
                {
                    Control = control,
                    Code = control == RolloutControl.RollBack ? ErrorCodes.StateConflict : current.Code,
                    Message = control == RolloutControl.RollBack ? $"{By(request)} asked to go back{(request.Reason is { } why ? $": {why}" : "")}." : current.Message,
                    UpdatedAt = clock.GetUtcNow(),
                }
                : current ?? throw RolloutRecord.Missing(id),
            cancellationToken);
        if (rollout.Control != control)
        {
            return Refuse(request, ErrorCodes.StateConflict, $"The rollout {id} is {rollout.State}.");
        }

        await signals.TellAsync(rollout, By(request), cancellationToken);
        return Accept(request, $"The rollout of {rollout.Package.FullName} to {rollout.Pool}: {control}.", id);
    }

    private async Task<RequestReply> RollBackAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        if (await FindRolloutAsync(request, cancellationToken) is not null || request.Family is null || request.Pool is null)
        {
            return await ControlAsync(request, RolloutControl.RollBack, cancellationToken);
        }

        // None is under way: what is current hurts. The mark keeps a repetition from going back once more.
        var mark = By(request);
        PlannedRelease? back = null;
        await ChangePlanAsync(
            request.Pool,
            plan =>
            {
                back = null;
                if (plan.Find(request.Family) is { LastRollBack: var last, Current: var there } && last == mark)
                {
                    back = there;
                    return plan;
                }

                var next = plan.GoBack(request.Family);
                back = next?.Find(request.Family)?.Current;
                return next is null ? plan : next.With(next.Find(request.Family)! with { LastRollBack = mark });
            },
            cancellationToken);
        if (back is null)
        {
            return Refuse(request, ErrorCodes.StateConflict, $"{request.Family} has no earlier release in {request.Pool} to go back to.");
        }

        await reconciler.ReconcilePoolAsync(request.Pool, cancellationToken);
        return Accept(request, $"{back.Package.FullName} is current in {request.Pool} again.");
    }

    private async Task<RequestReply> RetireAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        if (await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, request.Package!, cancellationToken) is null)
        {
            return Refuse(request, ErrorCodes.NotFound, $"There is no release {request.Package}.");
        }

        var release = await catalog.UpdateAsync<ReleaseRecord>(
            DocumentKinds.Releases,
            request.Package!,
            current => (current ?? throw new InvalidOperationException("The release is not in the catalog any more.")) with { RetiredAt = current.RetiredAt ?? clock.GetUtcNow() },
            cancellationToken);
        foreach (var pool in options.Pools)
        {
            await ChangePlanAsync(pool.Name, plan => plan.Strike(request.Package!), cancellationToken);
            await signals.TellOthersAsync(pool.Name, release.Package.FamilyName, exceptId: null, cancellationToken);
            await reconciler.ReconcilePoolAsync(pool.Name, cancellationToken);
        }

        return Accept(request, $"{request.Package} is taken from every host; its images go once nobody has them mounted.");
    }

    private async Task<RequestReply> ReconcileAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        if (request.Host is not { } host)
        {
            var told = await reconciler.ReconcilePoolAsync(request.Pool, cancellationToken);
            return Accept(request, $"{told} hosts were told something.");
        }

        return await reconciler.ReconcileAsync(host, current => current, cancellationToken) is null
            ? Refuse(request, ErrorCodes.NotFound, $"There is no host {host}.")
            : Accept(request, $"{host} was compared with what it should have.");
    }

    private async Task<string?> FindRolloutAsync(PipelineRequest request, CancellationToken cancellationToken)
    {
        if (request.RolloutId is { } id)
        {
            return await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, id, cancellationToken) is null ? null : id;
        }

        var plan = await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(request.Pool!), cancellationToken);
        return plan?.Document.Find(request.Family!)?.Rollout?.Id;
    }

    private Task<PoolPlan> ChangePlanAsync(string pool, Func<PoolPlan, PoolPlan> change, CancellationToken cancellationToken) =>
        catalog.UpdateAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(pool), current => change(current ?? new PoolPlan(pool)), cancellationToken);
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which rollout begins.</summary>
/// <param name="RolloutId">Its instance id.</param>
/// <param name="Package">The package.</param>
/// <param name="Pool">The pool.</param>
/// <param name="RequestedBy">Who or what asked for it.</param>
/// <param name="IsAsked">Whether someone asked for this very release.</param>
public sealed record EnterRolloutInput(string RolloutId, PackageReference Package, string Pool, string RequestedBy, bool IsAsked);

/// <summary>What it does.</summary>
/// <param name="Delivery">What it brings to whom; null: it does not begin.</param>
/// <param name="Rings">The rings, first to last, each with its gate.</param>
/// <param name="Deadline">How long hosts have for each phase where the gate does not say.</param>
public sealed record EnterRolloutResult(RolloutDelivery? Delivery, IReadOnlyList<RingDefinition> Rings, TimeSpan Deadline);

/// <summary>Puts a rollout in charge of its family in the pool's plan, and tells the one that was to look.</summary>
/// <param name="catalog">Holds releases, assignments, plans and rollouts.</param>
/// <param name="fleet">Finds assignments.</param>
/// <param name="signals">Reaches the rollout that was in charge.</param>
/// <param name="options">The pools.</param>
/// <param name="clock">The clock.</param>
public sealed class EnterRolloutActivity(
    ICatalog catalog, FleetReader fleet, RolloutSignals signals, PipelineOptions options, TimeProvider clock)
    : IActivity<EnterRolloutInput, EnterRolloutResult>
{
    /// <inheritdoc/>
    public async Task<EnterRolloutResult> RunAsync(EnterRolloutInput input, CancellationToken cancellationToken)
    {
        var nothing = new EnterRolloutResult(null, [], options.CommandDeadline);
        var pool = options.FindPool(input.Pool);
        var release = await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, input.Package.FullName, cancellationToken);
        var copy = release?.Document.Copies.FirstOrDefault(candidate => candidate.Region == pool?.Region);
        var assignment = await fleet.FindAssignmentAsync(input.Pool, input.Package.FamilyName, cancellationToken);
        if (pool is null || release is not { Document: { RetiredAt: null, Image: { } image } } || copy is null || assignment is null)
        {
            // Taken away between the wish and its turn.
            return nothing;
        }

        var planned = new PlannedRelease(
            input.Package, new ImageReference(copy.Path, image.Digest, image.SizeBytes, image.Format, image.RootFolder))
        {
            Needs = release.Document.Needs,
        };
        var unwanted = await FindUnwantedAsync(pool.Name, input.Package.FamilyName, cancellationToken);
        var plan = await catalog.UpdateAsync<PoolPlan>(
            DocumentKinds.Plans,
            PoolPlan.KeyOf(pool.Name),
            current => Enter((current ?? new PoolPlan(pool.Name)).Abandon(unwanted ?? ""), input, assignment, planned),
            cancellationToken);
        if (plan.FindRollout(input.RolloutId) is not { Rollout: { } rollout } app)
        {
            return nothing;
        }

        await RecordAsync(input, rollout, assignment, cancellationToken);
        await signals.TellOthersAsync(input.Pool, input.Package.FamilyName, input.RolloutId, cancellationToken);
        return new EnterRolloutResult(new RolloutDelivery(pool.Name, planned, app.Users, app.Mode), rollout.Rings, options.CommandDeadline);
    }

    /// <summary>The rollout in charge, if someone has asked to take it back and it has not come to that: nothing that it reached is to be kept.</summary>
    private async Task<string?> FindUnwantedAsync(string pool, string family, CancellationToken cancellationToken)
    {
        var plan = await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(pool), cancellationToken);
        var id = plan?.Document.Find(family)?.Rollout?.Id;
        var rollout = id is null ? null : await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, id, cancellationToken);
        return rollout?.Document.Control == RolloutControl.RollBack ? id : null;
    }

    private static PoolPlan Enter(PoolPlan plan, EnterRolloutInput input, AssignmentRecord assignment, PlannedRelease planned) =>
        input.IsAsked || plan.FindRollout(input.RolloutId) is not null || plan.Find(input.Package.FamilyName).Yields(input.Package)
            ? plan.Enter(assignment, input.RolloutId, planned)
            : plan;

    private Task RecordAsync(EnterRolloutInput input, PlannedRollout rollout, AssignmentRecord assignment, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.RolloutId,
            current => current ?? new RolloutRecord
            {
                Id = input.RolloutId,
                Package = input.Package,
                Pool = input.Pool,
                State = RolloutState.Running,
                Hosts = [],
                Rings = [.. rollout.Rings.Select(ring => new RolloutRing(ring, RingPhase.Waiting))],
                Windows = assignment.Windows,
                RequestedBy = input.RequestedBy,
                StartedAt = now,
                UpdatedAt = now,
            },
            cancellationToken);
    }
}

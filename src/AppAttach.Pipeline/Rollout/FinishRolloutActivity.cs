using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Reconcile;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which rollout has passed all rings.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Pool">The pool.</param>
public sealed record FinishRolloutInput(string RolloutId, string Pool);

/// <summary>How it ended.</summary>
/// <param name="State">Completed, failed (current, but not on every host) or superseded.</param>
public sealed record FinishRolloutResult(RolloutState State);

/// <summary>Makes what a rollout brought current, says so, and lets hosts give up the release before.</summary>
/// <param name="catalog">Holds plans and rollouts.</param>
/// <param name="fleet">Reads batches.</param>
/// <param name="reconciler">Brings hosts to what they should have.</param>
/// <param name="events">Takes the event.</param>
/// <param name="clock">The clock.</param>
public sealed class FinishRolloutActivity(
    ICatalog catalog, FleetReader fleet, HostReconciler reconciler, IEventSender events, TimeProvider clock) : IActivity<FinishRolloutInput, FinishRolloutResult>
{
    /// <inheritdoc/>
    public async Task<FinishRolloutResult> RunAsync(FinishRolloutInput input, CancellationToken cancellationToken)
    {
        var rollout = (await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, input.RolloutId, cancellationToken)
            ?? throw RolloutRecord.Missing(input.RolloutId)).Document;
        var isCurrent = false;
        await catalog.UpdateAsync<PoolPlan>(
            DocumentKinds.Plans,
            PoolPlan.KeyOf(input.Pool),
            current =>
            {
                var next = current?.Complete(input.RolloutId);

                // Run again after a crash, the release is current already and nobody is in charge.
                isCurrent = next is not null
                    || current?.Find(rollout.Package.FamilyName) is { Rollout: null, Current: { } there } && there.Package.FullName == rollout.Package.FullName;
                return next ?? current ?? new PoolPlan(input.Pool);
            },
            cancellationToken);
        var registered = rollout.Rings.Sum(ring => ring.Tally.Succeeded);
        var all = rollout.Rings.Sum(ring => ring.Tally.Hosts);
        var state = !isCurrent ? RolloutState.Superseded : registered == all ? RolloutState.Completed : RolloutState.Failed;
        var examples = rollout.Rings.SelectMany(ring => ring.Tally.Examples).ToList();
        await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.RolloutId,
            current => (current ?? rollout) with
            {
                State = state, Code = examples.FirstOrDefault()?.Code, UpdatedAt = clock.GetUtcNow(),
            },
            cancellationToken);
        if (isCurrent)
        {
            await SayAsync(rollout, registered, all, examples, cancellationToken);

            // Hosts that came while their ring was in motion, and those that it left behind. The others give up the release before
            // when they next say hello.
            var well = await ReadWellAsync(rollout, cancellationToken);
            await reconciler.ReconcilePoolAsync(input.Pool, cancellationToken, well);
        }

        return new FinishRolloutResult(state);
    }

    private async Task<HashSet<string>> ReadWellAsync(RolloutRecord rollout, CancellationToken cancellationToken)
    {
        var well = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var ring = 0; ring < rollout.Rings.Count; ring++)
        {
            var hosts = await fleet.HostsOfRingAsync(rollout, ring, cancellationToken);
            well.UnionWith(hosts.Where(host => host.Progress == HostProgress.Registered).Select(host => host.Host));
        }

        return well;
    }

    private Task SayAsync(RolloutRecord rollout, int registered, int all, List<RolloutHost> examples, CancellationToken cancellationToken)
    {
        var message = all == 0
            ? $"{rollout.Package.FullName} went to no host: none of {rollout.Pool} has said hello yet. A host that does gets it then."
            : $"{rollout.Package.FullName} is registered on {registered} of {all} hosts of {rollout.Pool}";
        if (all > 0)
        {
            var more = all - registered - examples.Count;
            message += registered == all
                ? "."
                : $"; not on {string.Join(", ", examples.Select(host => $"{host.Host} ({host.Code})"))}{(more > 0 ? $" and {more} more" : "")}.";
        }

        return events.SendAsync(
            registered == all ? MessageTypes.RolloutCompleted : MessageTypes.RolloutFailed,
            rollout.Id + "-end",
            new PipelineEvent
            {
                Package = rollout.Package,
                Pool = rollout.Pool,
                RolloutId = rollout.Id,
                RequestedBy = rollout.RequestedBy,
                Code = examples.FirstOrDefault()?.Code,
                Message = message,
            },
            cancellationToken);
    }
}

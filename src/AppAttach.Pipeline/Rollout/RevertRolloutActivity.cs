using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Reconcile;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which rollout ends before its end.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Stop">Why.</param>
public sealed record RevertRolloutInput(string RolloutId, string Pool, RolloutStop Stop);

/// <summary>It is halted, and hosts were told.</summary>
public sealed record RevertRolloutResult;

/// <summary>Takes a rollout out of the plan, so that the current release is what every host should have, and tells hosts.</summary>
/// <param name="catalog">Holds plans and rollouts.</param>
/// <param name="reconciler">Brings hosts back.</param>
/// <param name="events">Takes the event.</param>
/// <param name="clock">The clock.</param>
public sealed class RevertRolloutActivity(ICatalog catalog, HostReconciler reconciler, IEventSender events, TimeProvider clock)
    : IActivity<RevertRolloutInput, RevertRolloutResult>
{
    /// <inheritdoc/>
    public async Task<RevertRolloutResult> RunAsync(RevertRolloutInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var plan = await catalog.UpdateAsync<PoolPlan>(
            DocumentKinds.Plans,
            PoolPlan.KeyOf(input.Pool),
            current => (current ?? new PoolPlan(input.Pool)).Abandon(input.RolloutId),
            cancellationToken);
        var rollout = await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.RolloutId,
            current => (current ?? throw RolloutRecord.Missing(input.RolloutId)) with
            {
                State = input.Stop.State, Code = input.Stop.Reason.Code, Message = input.Stop.Reason.Message, UpdatedAt = now,
            },
            cancellationToken);
        if (input.Stop.State == RolloutState.Halted)
        {
            var app = plan.Find(rollout.Package.FamilyName);
            var back = app?.Current is { } current
                ? $"Hosts go back to {current.Package.FullName}"
                : "Hosts lose it: there was no release before";
            back += string.Concat((app?.Reached ?? []).Select(reached =>
                $"; those of {string.Join(", ", reached.Good.Select(ring => reached.Rings[ring].Name))} to {reached.Release.Package.FullName}, which they had for good"));
            await events.SendAsync(
                MessageTypes.RolloutHalted,
                input.RolloutId + "-halted",
                new PipelineEvent
                {
                    Package = rollout.Package,
                    Pool = rollout.Pool,
                    RolloutId = rollout.Id,
                    RequestedBy = rollout.RequestedBy,
                    Code = input.Stop.Reason.Code,
                    Message = $"The rollout of {rollout.Package.FullName} to {rollout.Pool} was halted. {input.Stop.Reason.Message} {back}.",
                },
                cancellationToken);
        }

        await reconciler.ReconcilePoolAsync(input.Pool, cancellationToken);
        return new RevertRolloutResult();
    }
}

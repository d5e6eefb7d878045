using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which release to bring to which pool.</summary>
/// <param name="Package">The package.</param>
/// <param name="Pool">The pool.</param>
/// <param name="RequestedBy">Who or what asked for it.</param>
/// <param name="IsAsked">Whether someone asked for this very release; if not, it gives way to a newer one.</param>
public sealed record RunRolloutInput(PackageReference Package, string Pool, string RequestedBy, bool IsAsked);

/// <summary>How it ended.</summary>
/// <param name="State">The state that was recorded; null: it never began, because another release had the better right.</param>
public sealed record RunRolloutResult(RolloutState? State);

/// <summary>
/// Brings a release to a pool, ring by ring. Each ring is an orchestration of its own, and so is each batch of hosts in it, so that no
/// history grows with the pool. When a ring is not passed, the plan goes back to the current release and hosts are brought back by
/// the same way as any host that has not what it should have.
/// </summary>
public sealed class RunRolloutOrchestrator : IOrchestrator<RunRolloutInput, RunRolloutResult>
{
    /// <summary>How often it is looked whether hosts have gone back: after 5, 10, 20 … s, in the end each five minutes.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task<RunRolloutResult> RunAsync(OrchestrationContext context, RunRolloutInput input)
    {
        var entered = await context.CallActivityAsync<EnterRolloutResult>(
            nameof(EnterRolloutActivity), new EnterRolloutInput(context.InstanceId, input.Package, input.Pool, input.RequestedBy, input.IsAsked), RunBatchOrchestrator.Nearby);
        if (entered.Delivery is not { } delivery)
        {
            return new RunRolloutResult(null);
        }

        for (var ring = 0; ring < entered.Rings.Count; ring++)
        {
            context.SetCustomStatus($"Ring {ring + 1} of {entered.Rings.Count}: {entered.Rings[ring].Name}");
            var ended = await RunRingAsync(context, delivery, entered, ring);
            if (ended.Stop is { } stop)
            {
                return await RevertAsync(context, input.Pool, stop, entered.Deadline);
            }
        }

        var finished = await context.CallActivityAsync<FinishRolloutResult>(
            nameof(FinishRolloutActivity), new FinishRolloutInput(context.InstanceId, input.Pool), RunBatchOrchestrator.Nearby);
        context.SetCustomStatus(finished.State);
        return new RunRolloutResult(finished.State);
    }

    private static async Task<RunRingResult> RunRingAsync(OrchestrationContext context, RolloutDelivery delivery, EnterRolloutResult entered, int ring)
    {
        var gate = entered.Rings[ring].Gate!;
        try
        {
            return await context.CallSubOrchestratorAsync<RunRingResult>(
                nameof(RunRingOrchestrator),
                RolloutIds.OfRing(context.InstanceId, ring),
                new RunRingInput(context.InstanceId, ring, delivery, gate.Deadline ?? entered.Deadline, gate.Soak));
        }
        catch (TaskFailedException failure)
        {
            // Bus or catalog were away for longer than all attempts. What is not known to be well is taken back.
            return new RunRingResult(new RolloutStop(RolloutState.Halted, new Rejection(ErrorCodes.Internal, failure.Message)));
        }
    }

    private static async Task<RunRolloutResult> RevertAsync(OrchestrationContext context, string pool, RolloutStop stop, TimeSpan limit)
    {
        context.SetCustomStatus(stop.State);
        await context.CallActivityAsync<RevertRolloutResult>(
            nameof(RevertRolloutActivity), new RevertRolloutInput(context.InstanceId, pool, stop), RunBatchOrchestrator.Nearby);
        if (stop.State == RolloutState.Superseded)
        {
            return new RunRolloutResult(stop.State);
        }

        var end = context.CurrentUtcDateTime + limit;
        for (var wait = FirstLook; ; wait = wait * 2 < LongestLook ? wait * 2 : LongestLook)
        {
            await context.CreateTimer(context.CurrentUtcDateTime + wait, CancellationToken.None);
            var looked = await context.CallActivityAsync<SettleRevertResult>(
                nameof(SettleRevertActivity), new SettleRevertInput(context.InstanceId, pool, context.CurrentUtcDateTime >= end), RunBatchOrchestrator.Nearby);
            if (looked.IsOver)
            {
                context.SetCustomStatus(RolloutState.RolledBack);
                return new RunRolloutResult(RolloutState.RolledBack);
            }
        }
    }
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Counts a ring's hosts, holds them against its gate and moves it on in plan and rollout.</summary>
/// <param name="catalog">Holds plans and rollouts.</param>
/// <param name="fleet">Reads batches.</param>
/// <param name="events">Takes the event about a ring that was passed.</param>
/// <param name="clock">The clock.</param>
public sealed class RingJudge(ICatalog catalog, FleetReader fleet, IEventSender events, TimeProvider clock)
{
    private const int MostExamples = 5;

    /// <summary>Reads a rollout that is under way.</summary>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its document.</returns>
    public async Task<RolloutRecord> ReadAsync(string rolloutId, CancellationToken cancellationToken) =>
        (await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, rolloutId, cancellationToken)
            ?? throw RolloutRecord.Missing(rolloutId)).Document;

    /// <summary>Counts hosts.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="done">What those have reached that did what was asked.</param>
    /// <returns>How many stand where.</returns>
    public static RingTally Count(IReadOnlyCollection<RolloutHost> hosts, HostProgress done)
    {
        var troubled = hosts.Where(host => host.Progress is HostProgress.Failed or HostProgress.Unfit).ToList();
        var silent = troubled.Count(host => host.Code == ErrorCodes.NoAnswer);
        return new RingTally
        {
            Hosts = hosts.Count,
            Succeeded = hosts.Count(host => host.Progress == done),
            Failed = troubled.Count(host => host.Progress == HostProgress.Failed) - silent,
            Silent = silent,
            Unfit = troubled.Count(host => host.Progress == HostProgress.Unfit),
            Examples = [.. troubled.OrderBy(host => host.Code == ErrorCodes.NoAnswer).Take(MostExamples)],
        };
    }

    /// <summary>Holds a ring against its gate; moves it on if it passes.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="ring">Number of the ring.</param>
    /// <param name="done">What hosts have reached that did what was asked.</param>
    /// <param name="next">The phase after the gate.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Why the rollout does not go on; null: it does.</returns>
    public async Task<RolloutStop?> JudgeAsync(
        RolloutRecord rollout, string pool, int ring, HostProgress done, RingPhase next, CancellationToken cancellationToken)
    {
        var definition = rollout.Rings[ring].Definition;
        var hosts = await fleet.HostsOfRingAsync(rollout, ring, cancellationToken);
        var tally = Count(hosts, done);
        var broken = GateRule.Judge(definition.Gate!, tally);
        if (broken is null && !await MoveAsync(rollout.Id, pool, ring, next, cancellationToken))
        {
            return new RolloutStop(RolloutState.Superseded, new Rejection(ErrorCodes.StateConflict, "Another rollout has taken its place."));
        }

        var now = clock.GetUtcNow();
        await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            rollout.Id,
            current => (current ?? rollout) with
            {
                Rings =
                [
                    .. (current ?? rollout).Rings.Select((each, number) => number != ring ? each : each with
                    {
                        Tally = tally,
                        Phase = broken is null && each.Phase < next ? next : each.Phase,
                        Since = broken is null && each.Phase < next ? now : each.Since,
                    }),
                ],
                UpdatedAt = now,
            },
            cancellationToken);
        if (broken is not null)
        {
            return new RolloutStop(RolloutState.Halted, broken with { Message = $"Ring {definition.Name}: {broken.Message}" });
        }

        if (next == RingPhase.Passed)
        {
            await SayAsync(rollout, ring, tally, cancellationToken);
        }

        return null;
    }

    private async Task<bool> MoveAsync(string rolloutId, string pool, int ring, RingPhase next, CancellationToken cancellationToken)
    {
        var isInCharge = true;
        await catalog.UpdateAsync<PoolPlan>(
            DocumentKinds.Plans,
            PoolPlan.KeyOf(pool),
            current =>
            {
                var moved = current?.Move(rolloutId, ring, next);
                isInCharge = moved is not null;
                return moved ?? current ?? new PoolPlan(pool);
            },
            cancellationToken);
        return isInCharge;
    }

    private Task SayAsync(RolloutRecord rollout, int ring, RingTally tally, CancellationToken cancellationToken) => events.SendAsync(
        MessageTypes.RolloutProgressed,
        FormattableString.Invariant($"{rollout.Id}-ring-{ring}"),
        new PipelineEvent
        {
            Package = rollout.Package,
            Pool = rollout.Pool,
            RolloutId = rollout.Id,
            RequestedBy = rollout.RequestedBy,
            Message = $"{rollout.Package.FullName} is registered on {tally.Succeeded} of {tally.Hosts} hosts of the ring {rollout.Rings[ring].Definition.Name} of {rollout.Pool}.",
        },
        cancellationToken);
}

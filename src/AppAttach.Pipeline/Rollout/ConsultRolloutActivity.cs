using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Who asks whether to go on.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Ring">Number of the ring.</param>
/// <param name="Enters">The phase that would begin; null: none does, it is only asked whether to end.</param>
public sealed record ConsultRolloutInput(string RolloutId, string Pool, int Ring, RingPhase? Enters);

/// <summary>The answer.</summary>
/// <param name="Stop">Why to end; null: not to.</param>
/// <param name="MustWait">Whether to wait and ask again.</param>
/// <param name="Until">When to ask again, UTC; null: when a signal comes.</param>
/// <param name="Batches">How many batches the ring has.</param>
public sealed record ConsultRolloutResult(RolloutStop? Stop, bool MustWait, DateTime? Until, int Batches);

/// <summary>
/// Says whether a rollout goes on, and begins a phase if it does: in the plan first, so that from then on nobody else moves the ring's
/// hosts; then, before the first phase, it decides who is in the ring and who cannot take the release.
/// </summary>
/// <param name="catalog">Holds plans, rollouts, releases and hosts.</param>
/// <param name="fleet">Reads hosts.</param>
/// <param name="options">When a host counts as gone.</param>
/// <param name="clock">The clock.</param>
public sealed class ConsultRolloutActivity(ICatalog catalog, FleetReader fleet, PipelineOptions options, TimeProvider clock)
    : IActivity<ConsultRolloutInput, ConsultRolloutResult>
{
    /// <inheritdoc/>
    public async Task<ConsultRolloutResult> RunAsync(ConsultRolloutInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rollout = await ChangeAsync(input, current => current.Control == RolloutControl.Run || current.State != RolloutState.Running
            ? current
            : current with { State = current.Control == RolloutControl.Pause ? RolloutState.Paused : current.State, UpdatedAt = now }, cancellationToken);
        var plan = await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(input.Pool), cancellationToken);
        if (plan?.Document.FindRollout(input.RolloutId) is null)
        {
            return Stop(RolloutState.Superseded, Superseded(rollout, plan?.Document));
        }

        if (rollout.Control == RolloutControl.RollBack)
        {
            return Stop(RolloutState.Halted, new Rejection(rollout.Code ?? ErrorCodes.StateConflict, rollout.Message ?? "Someone asked to go back."));
        }

        if (input.Enters is not { } phase)
        {
            return new ConsultRolloutResult(null, MustWait: false, null, 0);
        }

        if (rollout.Control == RolloutControl.Pause)
        {
            return new ConsultRolloutResult(null, MustWait: true, null, 0);
        }

        // A phase that has begun goes on after a crash, window or not: commands may be out.
        var opens = rollout.Rings[input.Ring].Phase >= phase ? now : WindowRule.NextOpening(rollout.Windows, now);
        return opens > now
            ? new ConsultRolloutResult(null, MustWait: true, opens.UtcDateTime, 0)
            : await EnterAsync(input, rollout, phase, cancellationToken);
    }

    private static ConsultRolloutResult Stop(RolloutState state, Rejection reason) => new(new RolloutStop(state, reason), MustWait: false, null, 0);

    private static Rejection Superseded(RolloutRecord rollout, PoolPlan? plan) => new(
        ErrorCodes.StateConflict,
        plan?.Find(rollout.Package.FamilyName)?.Rollout is { } other
            ? $"The rollout {other.Id} of {other.Release.Package.FullName} has taken its place."
            : $"{rollout.Package.FamilyName} was taken from the pool {rollout.Pool}, or {rollout.Package.FullName} was retired.");

    private async Task<ConsultRolloutResult> EnterAsync(
        ConsultRolloutInput input, RolloutRecord rollout, RingPhase phase, CancellationToken cancellationToken)
    {
        var moved = true;
        await catalog.UpdateAsync<PoolPlan>(
            DocumentKinds.Plans,
            PoolPlan.KeyOf(input.Pool),
            current =>
            {
                var next = current?.Move(input.RolloutId, input.Ring, phase);
                moved = next is not null;
                return next ?? current ?? new PoolPlan(input.Pool);
            },
            cancellationToken);
        if (!moved)
        {
            return Stop(RolloutState.Superseded, Superseded(rollout, null));
        }

        var ring = rollout.Rings[input.Ring];
        var batches = phase == RingPhase.Staging && ring.Phase == RingPhase.Waiting
            ? await ChooseAsync(input, rollout, cancellationToken)
            : ring.Batches;
        var now = clock.GetUtcNow();
        await ChangeAsync(
            input,
            current => current with
            {
                State = RolloutState.Running,
                Rings = [.. current.Rings.Select((each, number) => number != input.Ring || each.Phase >= phase ? each : each with { Phase = phase, Since = now, Batches = batches })],
                UpdatedAt = now,
            },
            cancellationToken);
        return new ConsultRolloutResult(null, MustWait: false, null, batches);
    }

    /// <summary>Writes down who is in the ring. No command is out yet, so doing it again may give other hosts.</summary>
    private async Task<int> ChooseAsync(ConsultRolloutInput input, RolloutRecord rollout, CancellationToken cancellationToken)
    {
        var release = await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, rollout.Package.FullName, cancellationToken);
        var rings = rollout.Rings.Select(ring => ring.Definition).ToList();
        var goneBefore = clock.GetUtcNow() - options.HostGoneAfter;
        var members = (await fleet.HostsAsync(input.Pool, rollout.Package.FamilyName, cancellationToken))
            .Where(host => host.LastSeenAt >= goneBefore && RingMembership.RingOf(host.Hello.Host, rings) == input.Ring)
            .Select(host => Begin(host.Hello, rollout.Package, release?.Document.Needs))
            .Chunk(RolloutBatch.MostHosts)
            .ToList();
        for (var batch = 0; batch < members.Count; batch++)
        {
            var document = new RolloutBatch(rollout.Id, input.Ring, batch, members[batch]);
            await catalog.UpdateAsync<RolloutBatch>(
                DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(rollout.Id, input.Ring, batch), _ => document, cancellationToken);
        }

        return members.Count;
    }

    private RolloutHost Begin(HostHello hello, PackageReference package, ReleaseNeeds? needs)
    {
        var reasons = Preflight.Judge(hello, package, needs, options.LeastListenerVersion);
        var pools = hello.Pools.Count > 1 ? hello.Pools : null;
        return reasons.Count == 0
            ? new RolloutHost(hello.Host, HostProgress.Staging) { Pools = pools }
            : new RolloutHost(hello.Host, HostProgress.Unfit, ErrorCodes.HostUnfit, $"{hello.Host} cannot take {package.FullName}: {string.Join("; ", reasons)}.");
    }

    private Task<RolloutRecord> ChangeAsync(
        ConsultRolloutInput input, Func<RolloutRecord, RolloutRecord> change, CancellationToken cancellationToken) =>
        catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.RolloutId,
            current => change(current ?? throw RolloutRecord.Missing(input.RolloutId)),
            cancellationToken);
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which phase is over.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Ring">Number of the ring.</param>
/// <param name="Kind">Stage or register.</param>
public sealed record EndPhaseInput(string RolloutId, string Pool, int Ring, CommandKind Kind);

/// <summary>Whether the rollout goes on.</summary>
/// <param name="Stop">Why not; null: it does.</param>
public sealed record EndPhaseResult(RolloutStop? Stop);

/// <summary>Counts a ring's hosts, holds them against the gate and moves the ring on if it is passed.</summary>
/// <param name="rings">Does it.</param>
public sealed class EndPhaseActivity(RingJudge rings) : IActivity<EndPhaseInput, EndPhaseResult>
{
    /// <inheritdoc/>
    public async Task<EndPhaseResult> RunAsync(EndPhaseInput input, CancellationToken cancellationToken)
    {
        var rollout = await rings.ReadAsync(input.RolloutId, cancellationToken);
        var isSoaked = input.Kind == CommandKind.Register && rollout.Rings[input.Ring].Definition.Gate!.Soak <= TimeSpan.Zero;
        var next = input.Kind == CommandKind.Stage ? RingPhase.Staged : isSoaked ? RingPhase.Passed : RingPhase.Soaking;
        return new EndPhaseResult(await rings.JudgeAsync(
            rollout, input.Pool, input.Ring, input.Kind == CommandKind.Stage ? HostProgress.Staged : HostProgress.Registered, next, cancellationToken));
    }
}

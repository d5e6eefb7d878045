using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Rollout;

/// <summary>One ring of a rollout.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Ring">Number of the ring, from 0.</param>
/// <param name="Delivery">What to bring to whom.</param>
/// <param name="Deadline">How long hosts have for each phase.</param>
/// <param name="Soak">How long the ring is watched.</param>
public sealed record RunRingInput(string RolloutId, int Ring, RolloutDelivery Delivery, TimeSpan Deadline, TimeSpan Soak);

/// <summary>How a ring ended.</summary>
/// <param name="Stop">Why the rollout does not go on; null: the ring was passed.</param>
public sealed record RunRingResult(RolloutStop? Stop);

/// <summary>
/// Brings a release to one ring: stage, gate, register, gate, soak. It asks before each phase whether it may begin, and hears while
/// it waits that it may not go on.
/// </summary>
public sealed class RunRingOrchestrator : IOrchestrator<RunRingInput, RunRingResult>
{
    /// <summary>Name of the event that says: ask again whether to go on. Its content says nothing.</summary>
    public const string ControlEvent = "control";

    /// <inheritdoc/>
    public async Task<RunRingResult> RunAsync(OrchestrationContext context, RunRingInput input)
    {
        var signals = new ControlSignals(context);
        var stop = await RunPhaseAsync(context, input, signals, CommandKind.Stage)
            ?? await RunPhaseAsync(context, input, signals, CommandKind.Register)
            ?? await SoakAsync(context, input, signals);
        return new RunRingResult(stop);
    }

    private static async Task<RolloutStop?> RunPhaseAsync(
        OrchestrationContext context, RunRingInput input, ControlSignals signals, CommandKind kind)
    {
        var permit = await EnterAsync(context, input, signals, kind);
        if (permit.Stop is not null)
        {
            return permit.Stop;
        }

        var batches = Task.WhenAll(Enumerable.Range(0, permit.Batches).Select(batch => context.CallSubOrchestratorAsync<RunBatchResult>(
            nameof(RunBatchOrchestrator),
            RolloutIds.OfBatch(context.InstanceId, kind == CommandKind.Register, batch),
            new RunBatchInput(input.RolloutId, input.Ring, batch, kind, input.Delivery, input.Deadline))));
        while (!batches.IsCompleted)
        {
            if (await Task.WhenAny(batches, signals.Next()) == batches)
            {
                break;
            }

            // Told to end, it leaves the batches to their deadlines: what they still record is not looked at any more.
            signals.Take();
            var now = await ConsultAsync(context, input, enters: null);
            if (now.Stop is not null)
            {
                return now.Stop;
            }
        }

        await batches;
        var ended = await context.CallActivityAsync<EndPhaseResult>(
            nameof(EndPhaseActivity), new EndPhaseInput(input.RolloutId, input.Delivery.Pool, input.Ring, kind), RunBatchOrchestrator.Nearby);
        return ended.Stop;
    }

    /// <summary>Waits until a phase may begin, and begins it.</summary>
    private static async Task<ConsultRolloutResult> EnterAsync(
        OrchestrationContext context, RunRingInput input, ControlSignals signals, CommandKind kind)
    {
        while (true)
        {
            var answer = await ConsultAsync(context, input, kind == CommandKind.Stage ? RingPhase.Staging : RingPhase.Registering);
            if (!answer.MustWait)
            {
                return answer;
            }

            await WaitAsync(context, signals, answer.Until);
        }
    }

    private static async Task<RolloutStop?> SoakAsync(OrchestrationContext context, RunRingInput input, ControlSignals signals)
    {
        if (input.Soak <= TimeSpan.Zero)
        {
            return null;
        }

        var end = context.CurrentUtcDateTime + input.Soak;
        while (context.CurrentUtcDateTime < end)
        {
            await WaitAsync(context, signals, end);
            var now = await ConsultAsync(context, input, enters: null);
            if (now.Stop is not null)
            {
                return now.Stop;
            }
        }

        var ended = await context.CallActivityAsync<EndPhaseResult>(
            nameof(EndSoakActivity), new EndSoakInput(input.RolloutId, input.Delivery.Pool, input.Ring), RunBatchOrchestrator.Nearby);
        return ended.Stop;
    }

    private static Task<ConsultRolloutResult> ConsultAsync(OrchestrationContext context, RunRingInput input, RingPhase? enters) =>
        context.CallActivityAsync<ConsultRolloutResult>(
            nameof(ConsultRolloutActivity),
            new ConsultRolloutInput(input.RolloutId, input.Delivery.Pool, input.Ring, enters),
            RunBatchOrchestrator.Nearby);

    /// <summary>Waits for a signal, or until a time.</summary>
    private static async Task WaitAsync(OrchestrationContext context, ControlSignals signals, DateTime? until)
    {
        if (until is not { } end)
        {
            await signals.Next();
            signals.Take();
            return;
        }

        using var stop = new CancellationTokenSource();
        var timer = context.CreateTimer(end, stop.Token);
        if (await Task.WhenAny(signals.Next(), timer) != timer)
        {
            signals.Take();
            RunBatchOrchestrator.Cancel(stop);
        }
    }

    /// <summary>One wait for the control event at a time: a wait that is left open would take the next event from the one after it.</summary>
    private sealed class ControlSignals(OrchestrationContext context)
    {
        private Task<RolloutSignal>? _next;

        public Task<RolloutSignal> Next() => _next ??= context.WaitForExternalEvent<RolloutSignal>(ControlEvent, Timeout.InfiniteTimeSpan);

        public void Take() => _next = null;
    }
}

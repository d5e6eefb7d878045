using AppAttach.Contracts;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Rollout;

/// <summary>One phase for the hosts of one batch.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Ring">Number of the ring.</param>
/// <param name="Batch">Number of the batch.</param>
/// <param name="Kind">Stage or register.</param>
/// <param name="Delivery">What to bring to whom.</param>
/// <param name="Deadline">How long hosts have.</param>
public sealed record RunBatchInput(string RolloutId, int Ring, int Batch, CommandKind Kind, RolloutDelivery Delivery, TimeSpan Deadline);

/// <summary>It is over; the catalog has what became of each host.</summary>
/// <param name="Answers">How many hosts answered.</param>
public sealed record RunBatchResult(int Answers);

/// <summary>What one host says became of a command; the content of the event that a batch waits for.</summary>
/// <param name="Host">The host.</param>
/// <param name="Code">Why it failed; null: it succeeded.</param>
/// <param name="Message">The same as a sentence.</param>
public sealed record HostAnswer(string Host, string? Code = null, string? Message = null);

/// <summary>
/// Sends one command to each host of a batch and waits for the answers until the deadline. Late answers, repetitions and hosts that
/// are not of the batch change nothing.
/// </summary>
public sealed class RunBatchOrchestrator : IOrchestrator<RunBatchInput, RunBatchResult>
{
    /// <summary>Name of the event that carries a <see cref="HostAnswer"/>.</summary>
    public const string AnswerEvent = "answer";

    /// <summary>Catalog and bus are close by: eight attempts over 2 + 4 + 8 + 16 + 32 + 60 + 60 s = 3 min outlast a restart of either.</summary>
    internal static readonly TaskOptions Nearby = new(new RetryPolicy(8, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(1)));

    /// <inheritdoc/>
    public async Task<RunBatchResult> RunAsync(OrchestrationContext context, RunBatchInput input)
    {
        var deadline = context.CurrentUtcDateTime + input.Deadline;
        var sent = await context.CallActivityAsync<SendBatchResult>(
            nameof(SendBatchActivity),
            new SendBatchInput(context.InstanceId, input.RolloutId, input.Ring, input.Batch, input.Kind, input.Delivery, deadline),
            Nearby);

        var answers = await WaitAsync(context, sent.Hosts, deadline);
        await context.CallActivityAsync<RecordBatchResult>(
            nameof(RecordBatchActivity), new RecordBatchInput(input.RolloutId, input.Ring, input.Batch, input.Kind, answers), Nearby);
        return new RunBatchResult(answers.Count);
    }

    /// <summary>One timer for all, so that an answer is one entry of the history.</summary>
    private static async Task<List<HostAnswer>> WaitAsync(OrchestrationContext context, IReadOnlyList<string> hosts, DateTime deadline)
    {
        var answers = new List<HostAnswer>();
        var awaited = hosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        using var stop = new CancellationTokenSource();
        var timer = context.CreateTimer(deadline, stop.Token);
        while (awaited.Count > 0)
        {
            var next = context.WaitForExternalEvent<HostAnswer>(AnswerEvent, Timeout.InfiniteTimeSpan);
            if (await Task.WhenAny(next, timer) == timer)
            {
                return answers;
            }

            var answer = await next;
            if (awaited.Remove(answer.Host))
            {
                answers.Add(answer);
            }
        }

        Cancel(stop);
        return answers;
    }

    /// <summary>Cancels a timer, on the orchestrator's own thread: an orchestration of Durable Functions does not end while one is open.</summary>
    internal static void Cancel(CancellationTokenSource timer) => timer.Cancel();
}

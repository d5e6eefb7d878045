using System.Threading.Channels;

namespace AppAttach.Embedded.Engine;

/// <summary>Runs activities, a bounded number at once, in the order in which they were scheduled.</summary>
/// <param name="registry">Knows the activities.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The engine's logger.</param>
/// <param name="done">Told how each ended; never of one that was stopped.</param>
internal sealed class ActivityRunner(
    OrchestrationRegistry registry, TimeProvider time, ILogger logger, Action<ActivityWork, HistoryEvent> done)
{
    private readonly Channel<ActivityWork> _queue = Channel.CreateUnbounded<ActivityWork>();

    /// <summary>Adds an activity to run.</summary>
    /// <param name="work">The activity.</param>
    public void Add(ActivityWork work) => _queue.Writer.TryWrite(work);

    /// <summary>Runs activities until it is stopped.</summary>
    /// <param name="maxConcurrent">How many at once.</param>
    /// <param name="stopping">Stops it, and is handed to the activities.</param>
    /// <returns>A task that completes when the last activity has ended.</returns>
    public Task RunAsync(int maxConcurrent, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, maxConcurrent).Select(_ => Task.Run(() => WorkAsync(stopping), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await RunOneAsync(await _queue.Reader.ReadAsync(stopping), stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is still queued runs at the next start.
        }
    }

    private async Task RunOneAsync(ActivityWork work, CancellationToken stopping)
    {
        logger.ActivityBegins(work.Name, work.InstanceId, work.Task);
        try
        {
            var result = await registry.Activity(work.Name)(work.Input, stopping);
            logger.ActivityCompleted(work.Name, work.InstanceId, work.Task);
            done(work, new HistoryEvent(HistoryEventKind.ActivityCompleted, Now()) { Task = work.Task, Payload = result });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.ActivityStopped(work.Name, work.InstanceId, work.Task);
            throw;
        }
#pragma warning disable CA1031 // Whatever an activity throws is its failure, and the orchestrator's to deal with.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.ActivityFailed(exception, work.Name, work.InstanceId, work.Task);
            done(work, new HistoryEvent(HistoryEventKind.ActivityFailed, Now())
            {
                Task = work.Task,
                ErrorType = exception.GetType().FullName,
                ErrorMessage = StepTransaction.Shorten(exception.Message),
            });
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}

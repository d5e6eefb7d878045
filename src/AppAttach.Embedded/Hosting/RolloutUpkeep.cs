using AppAttach.Pipeline;
using AppAttach.Pipeline.Reconcile;
using AppAttach.Pipeline.Retention;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Embedded.Hosting;

/// <summary>What time asks for: rollouts that assignments want and nobody started, hosts whose commands went unanswered, images that may go.</summary>
internal sealed class RolloutUpkeep(
    PipelineOptions options, RolloutStarter starter, HostReconciler reconciler, RetentionSweep retention, TimeProvider clock, ILogger<RolloutUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A share that is away must not end the host; the next round tries again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.UpkeepFailed(e, Interval);
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var pool in options.Pools)
        {
            await starter.StartMissingAsync(pool.Name, "an assignment", stoppingToken);
        }

        await reconciler.ReconcilePoolAsync(null, stoppingToken);
        await retention.RunAsync(isDryRun: false, stoppingToken);
    }
}

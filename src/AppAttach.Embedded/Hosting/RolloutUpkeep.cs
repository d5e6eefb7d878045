using AppAttach.Pipeline.Reconcile;

namespace AppAttach.Embedded.Hosting;

/// <summary>Does at intervals what time asks for.</summary>
internal sealed class RolloutUpkeep(FleetUpkeep upkeep, TimeProvider clock, ILogger<RolloutUpkeep> logger) : BackgroundService
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
                await upkeep.RunAsync(stoppingToken);
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
}

using AppAttach.FleetSimulator.Clocks;
using AppAttach.FleetSimulator.Hosts;

namespace AppAttach.FleetSimulator.Running;

/// <summary>Moves a fleet's clock on whenever hosts and host only wait.</summary>
/// <param name="clock">The clock.</param>
/// <param name="fleet">The fleet.</param>
internal sealed class ClockDriver(SkippingClock clock, Fleet fleet)
{
    private static readonly TimeSpan LeastStep = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(20);

    /// <summary>Lets time pass until something holds.</summary>
    /// <param name="isReached">What is to hold.</param>
    /// <param name="limit">How long it may take, by the fleet's clock.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <param name="lookEvery">How often to look, by the fleet's clock.</param>
    /// <returns>Whether it came to hold in time.</returns>
    public async Task<bool> PassUntilAsync(Func<Task<bool>> isReached, TimeSpan limit, CancellationToken cancellationToken, TimeSpan? lookEvery = null)
    {
        var end = clock.GetUtcNow() + limit;
        var look = clock.GetUtcNow();
        while (true)
        {
            if (clock.GetUtcNow() >= look)
            {
                if (await isReached())
                {
                    return true;
                }

                if (clock.GetUtcNow() >= end)
                {
                    return false;
                }

                look = clock.GetUtcNow() + (lookEvery ?? TimeSpan.FromMinutes(1));
            }

            await StepAsync(cancellationToken);
        }
    }

    /// <summary>Lets time pass.</summary>
    public Task PassAsync(TimeSpan time, CancellationToken cancellationToken) =>
        PassUntilAsync(() => Task.FromResult(false), time, cancellationToken, lookEvery: time);

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        // What the pipeline does by itself is not seen from here; the millisecond gives it time to begin.
        do
        {
            await Task.Delay(1, cancellationToken);
        }
        while (fleet.IsWorking);

        clock.Skip(LeastStep, LongestStep);
    }
}

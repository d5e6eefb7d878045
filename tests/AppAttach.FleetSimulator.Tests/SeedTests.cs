using System.Globalization;
using AppAttach.FleetSimulator.Running;

namespace AppAttach.FleetSimulator.Tests;

/// <summary>
/// Fleets whose hosts fail in every way while an admin changes his mind. In the end every host has exactly what the plan of its pool
/// says, no effect happened twice, no gate was passed that is broken, and nothing was deleted that a host has mounted.
/// </summary>
public sealed class SeedTests
{
    /// <summary>How many seeds to run; more for a night than for each change.</summary>
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("APPATTACH_FLEET_SEEDS"), CultureInfo.InvariantCulture, out var seeds) ? seeds : 24;

    [Fact]
    public async Task FleetsInTrouble_AreAsTheyShouldBeInTheEnd()
    {
        var wrong = new List<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Seeds),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount * 2, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, cancellationToken) =>
            {
                if (await SeedRun.RunAsync(seed, cancellationToken) is { } found)
                {
                    lock (wrong)
                    {
                        wrong.Add(found);
                    }
                }
            });

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}

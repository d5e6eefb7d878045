using System.Diagnostics;
using System.Globalization;

namespace AppAttach.FleetSimulator.Running;

/// <summary><c>seeds [FROM COUNT]</c>.</summary>
internal static class SeedsCommand
{
    /// <summary>Runs seeds, as many at once as there are processors.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var numbers = arguments.Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).ToArray();
        var (from, count) = (numbers.ElementAtOrDefault(0), numbers.Length > 1 ? numbers[1] : 20);
        var started = Stopwatch.GetTimestamp();
        var failed = 0;
        await Parallel.ForEachAsync(Enumerable.Range(from, count), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (seed, cancellationToken) =>
        {
            var began = Stopwatch.GetTimestamp();
            if (await SeedRun.RunAsync(seed, cancellationToken) is { } wrong)
            {
                Interlocked.Increment(ref failed);
                await Console.Out.WriteLineAsync(wrong);
            }
            else
            {
                await Console.Out.WriteLineAsync($"seed {seed}: well, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
            }
        });
        await Console.Out.WriteLineAsync($"{count - failed} of {count} seeds are well, in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s.");
        return failed == 0 ? 0 : 1;
    }
}

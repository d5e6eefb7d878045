using System.Diagnostics;
using System.Globalization;

namespace AppAttach.Benchmarks;

/// <summary>What one process took.</summary>
/// <param name="Elapsed">From its start to its end.</param>
/// <param name="PeakBytes">Its largest resident set, in bytes, or 0 where the system does not tell; sampled every few milliseconds.</param>
/// <param name="Output">What it wrote to standard output.</param>
internal sealed record Measurement(TimeSpan Elapsed, long PeakBytes, string Output)
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs a process to its end.</summary>
    public static async Task<Measurement> OfAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var ended = process.WaitForExitAsync();
        var peak = 0L;
        while (!ended.IsCompleted)
        {
            peak = Math.Max(peak, ReadPeak(process.Id));
            await Task.WhenAny(ended, Task.Delay(SampleInterval));
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return process.ExitCode == 0
            ? new Measurement(elapsed, peak, await output)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}");
    }

    /// <summary>VmHWM of proc(5): the kernel's own high-water mark, so a late sample misses only what came after it.</summary>
    private static long ReadPeak(int processId)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

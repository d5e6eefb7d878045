using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace AppAttach.Benchmarks;

/// <summary>Runs every measure, alternating with its baseline so that a machine whose speed drifts is fair to both, and prints a table.</summary>
/// <param name="appattach">Path of the program to measure.</param>
/// <param name="folder">A temporary folder.</param>
/// <param name="runs">How many runs of each measure count.</param>
/// <param name="output">Takes the table.</param>
internal sealed partial class Benchmark(string appattach, string folder, int runs, TextWriter output)
{
    private const long Mebibyte = 1 << 20;

    public async Task RunAsync()
    {
        await output.WriteLineAsync($"{runs} runs each on {Environment.ProcessorCount} processors ({ProcessorName()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.");
        await output.WriteLineAsync();
        await output.WriteLineAsync("| measure | baseline, s | ours, s (min – max) | ratio | peak memory, MiB | image over content |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        await PackageAsync("1 GiB in 2,000 files", path => BenchmarkPackage.WriteMixed(path, 1024 * Mebibyte, 2_000));
        await PackageAsync("50,000 files of 2 KiB", path => BenchmarkPackage.WriteSmall(path, 2048, 50_000));
        await DemoAsync();
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Format(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string ProcessorName() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>One package, verified and converted, each run beside one of the baseline.</summary>
    private async Task PackageAsync(string name, Action<string> writePackage)
    {
        var package = Path.Combine(folder, "package.msix");
        var image = Path.Combine(folder, "image.vhdx");
        writePackage(package);
        var certificate = await BenchmarkSignature.SignAsync(package);
        await CompareAsync($"{name}, verified in full", package, image: null, "inspect", package, "--full", "--trust", certificate, "--json");
        await CompareAsync($"{name} → VHDX", package, image, "convert", package, "--output", image, "--trust", certificate, "--json");
        File.Delete(package);
        File.Delete(certificate);
        File.Delete(image);
    }

    private async Task CompareAsync(string name, string package, string? image, params string[] arguments)
    {
        var baselines = new List<Measurement>();
        var measured = new List<Measurement>();
        for (var run = 0; run <= runs; run++)
        {
            var baseline = await Measurement.OfAsync(Environment.ProcessPath!, "baseline", package);
            var ours = await Measurement.OfAsync(appattach, arguments);
            if (run > 0)
            {
                // The first pair warms the file cache.
                baselines.Add(baseline);
                measured.Add(ours);
            }
        }

        var ratio = Median(measured.Zip(baselines, (ours, theirs) => ours.Elapsed / theirs.Elapsed));
        var overhead = image is null ? "" : $"{Format(Overhead(image, measured[0].Output))} %";
        await output.WriteLineAsync(
            $"| {name} | {Format(Median(baselines.Select(run => run.Elapsed.TotalSeconds)))} | {Describe([.. measured.Select(run => run.Elapsed.TotalSeconds)])} | {Format(ratio)} | {measured.Max(run => run.PeakBytes) / Mebibyte} | {overhead} |");
    }

    private static double Overhead(string image, string report)
    {
        var contentBytes = long.Parse(ContentBytes().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);
        return (new FileInfo(image).Length - contentBytes) * 100.0 / contentBytes;
    }

    /// <summary>From the drop to the last host's registration, by the demo's own clock: its start-up does not count.</summary>
    private async Task DemoAsync()
    {
        var package = Path.Combine(folder, "demo.msix");
        BenchmarkPackage.WriteMixed(package, 80 * Mebibyte, 400);
        var seconds = new List<double>();
        for (var run = 0; run <= runs; run++)
        {
            var data = Path.Combine(folder, $"demo-{run}");
            var lines = (await Measurement.OfAsync(appattach, "demo", package, "--signature", "ignore", "--data", data)).Output.Split('\n');
            if (run > 0)
            {
                seconds.Add(SecondsOf(lines.Last(line => line.Contains("is registered on", StringComparison.Ordinal)))
                    - SecondsOf(lines.First(line => line.Contains("Dropped", StringComparison.Ordinal))));
            }

            Directory.Delete(data, recursive: true);
        }

        var sizeBytes = new FileInfo(package).Length;
        await output.WriteLineAsync($"| {sizeBytes / Mebibyte} MiB package, drop to registered on 4 hosts in 2 regions | | {Describe(seconds)} | | | |");
    }

    private static string Describe(IReadOnlyCollection<double> seconds) => $"{Format(Median(seconds))} ({Format(seconds.Min())} – {Format(seconds.Max())})";

    private static double SecondsOf(string line) => double.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture);

    [GeneratedRegex("\"contentBytes\": (\\d+)")]
    private static partial Regex ContentBytes();
}

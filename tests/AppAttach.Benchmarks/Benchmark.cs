using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AppAttach.Benchmarks;

/// <summary>Runs every measure, alternating with its baseline so that a machine whose speed drifts is fair to both, and prints a table.</summary>
/// <param name="programs">What to measure, the one with every command first.</param>
/// <param name="folder">A temporary folder.</param>
/// <param name="runs">How many runs of each measure count.</param>
/// <param name="output">Takes the table.</param>
internal sealed partial class Benchmark(IReadOnlyList<PublishedProgram> programs, string folder, int runs, TextWriter output)
{
    private const long Mebibyte = 1 << 20;

    public async Task RunAsync()
    {
        await output.WriteLineAsync($"{runs} runs each on {Environment.ProcessorCount} processors ({ProcessorName()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}.");
        await output.WriteLineAsync();
        await output.WriteLineAsync("| measure | baseline, s (its work alone) | ours, s (min – max) | ratio (to its work alone) | peak memory, MiB | image over content |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        await PackageAsync("1 GiB in 2,000 files", path => BenchmarkPackage.WriteMixed(path, 1024 * Mebibyte, 2_000));
        await PackageAsync("50,000 files of 2 KiB", path => BenchmarkPackage.WriteSmall(path, 2048, 50_000));
        foreach (var program in programs)
        {
            await ScaleAsync(program);
        }

        await DemoAsync();
        await output.WriteLineAsync();
        await output.WriteLineAsync("| delta: 5 % of the files changed, half of them grown, signed again | travels, of the image | ranges |");
        await output.WriteLineAsync("|---|---|---|");
        await DeltaAsync("1 GiB in 2,000 files", (path, isNext) => BenchmarkPackage.WriteMixed(path, 1024 * Mebibyte, 2_000, isNext));
        await DeltaAsync("50,000 files of 2 KiB", (path, isNext) => BenchmarkPackage.WriteSmall(path, 2048, 50_000, isNext));
    }

    /// <summary>One package of many GiB, converted once: what matters is memory.</summary>
    /// <param name="gibibytes">Size of its content, in GiB.</param>
    public async Task LargeAsync(int gibibytes)
    {
        var (package, image) = (Path.Combine(folder, "package.msix"), Path.Combine(folder, "image.vhdx"));
        BenchmarkPackage.WriteMixed(package, gibibytes * 1024L * Mebibyte, 2_000);
        foreach (var program in programs)
        {
            var ours = await Measurement.OfAsync(program.Path, "convert", package, "--output", image, "--signature", "ignore", "--json");
            await output.WriteLineAsync($"{program.Name}: {gibibytes} GiB in 2,000 files → VHDX: {Format(ours.Elapsed.TotalSeconds)} s, peak memory {ours.PeakBytes / Mebibyte} MiB, image over content {Format(Overhead(image, ours.Output))} %");
            File.Delete(image);
        }
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

    /// <summary>Two versions of a package: what of the second one's image has to travel to where the first one's is.</summary>
    private async Task DeltaAsync(string name, Action<string, bool> writePackage)
    {
        var images = new List<string>();
        var report = "";
        foreach (var isNext in new[] { false, true })
        {
            var package = Path.Combine(folder, "package.msix");
            images.Add(Path.Combine(folder, $"image-{images.Count}.vhdx"));
            writePackage(package, isNext);
            var certificate = await BenchmarkSignature.SignAsync(package);
            string[] convert = ["convert", package, "--output", images[^1], "--trust", certificate, "--json"];
            report = (await Measurement.OfAsync(programs[0].Path, isNext ? [.. convert, "--base", images[0]] : convert)).Output;
            File.Delete(package);
            File.Delete(certificate);
        }

        using var json = JsonDocument.Parse(report);
        var delta = json.RootElement.GetProperty("delta");
        await output.WriteLineAsync(
            $"| {name} | {Format(delta.GetProperty("travelPercent").GetDouble())} % | {delta.GetProperty("travelRanges").GetInt32()} |");
        images.ForEach(image => File.Delete(image));
        images.ForEach(image => File.Delete(image + ".manifest.json"));
    }

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
        var measured = programs.ToDictionary(program => program, _ => new List<Measurement>());
        for (var run = 0; run <= runs; run++)
        {
            var baseline = await Measurement.OfAsync(Environment.ProcessPath!, "baseline", package);
            if (run > 0)
            {
                // The first round warms the file cache.
                baselines.Add(baseline);
            }

            foreach (var program in programs)
            {
                if (image is not null)
                {
                    // To free the blocks of the image before would count for this one.
                    File.Delete(image);
                }

                var ours = await Measurement.OfAsync(program.Path, arguments);
                if (run > 0)
                {
                    measured[program].Add(ours);
                }
            }
        }

        foreach (var program in programs)
        {
            await WriteRowAsync($"{name}, {program.Name}", image, baselines, measured[program]);
        }
    }

    private async Task WriteRowAsync(string name, string? image, List<Measurement> baselines, List<Measurement> measured)
    {
        var work = baselines.ConvertAll(run => double.Parse(run.Output, CultureInfo.InvariantCulture));
        var ratio = Median(measured.Zip(baselines, (ours, theirs) => ours.Elapsed / theirs.Elapsed));
        var ratioToWork = Median(measured.Zip(work, (ours, theirs) => ours.Elapsed.TotalSeconds / theirs));
        var overhead = image is null ? "" : $"{Format(Overhead(image, measured[0].Output))} %";
        await output.WriteLineAsync(
            $"| {name} | {Format(Median(baselines.Select(run => run.Elapsed.TotalSeconds)))} ({Format(Median(work))}) | {Describe([.. measured.Select(run => run.Elapsed.TotalSeconds)])} | {Format(ratio)} ({Format(ratioToWork)}) | {measured.Max(run => run.PeakBytes) / Mebibyte} | {overhead} |");
    }

    /// <summary>What one more file costs, from few files to many: start-up is in each run, so it shows between runs only.</summary>
    private async Task ScaleAsync(PublishedProgram program)
    {
        var (package, image) = (Path.Combine(folder, "package.msix"), Path.Combine(folder, "image.vhdx"));
        var before = (Files: 0, Seconds: 0.0);
        foreach (var files in (int[])[1_000, 10_000, 50_000, 200_000])
        {
            BenchmarkPackage.WriteSmall(package, 2048, files);
            var measured = new List<Measurement>();
            for (var run = 0; run < runs; run++)
            {
                File.Delete(image);
                measured.Add(await Measurement.OfAsync(program.Path, "convert", package, "--output", image, "--signature", "ignore", "--json"));
            }

            var seconds = Median(measured.Select(run => run.Elapsed.TotalSeconds));
            var each = before.Files == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {(seconds - before.Seconds) * 1e6 / (files - before.Files):0.0} µs a file more");
            await output.WriteLineAsync(
                $"| {files:N0} files of 2 KiB, unsigned → VHDX, {program.Name}{each} | | {Describe([.. measured.Select(run => run.Elapsed.TotalSeconds)])} | | {measured.Max(run => run.PeakBytes) / Mebibyte} | |");
            before = (files, seconds);
            File.Delete(package);
            File.Delete(image);
        }
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
            var lines = (await Measurement.OfAsync(programs[0].Path, "demo", package, "--signature", "ignore", "--data", data)).Output.Split('\n');
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

using System.Diagnostics;
using System.Globalization;
using AppAttach.Fuzzing.Images;

namespace AppAttach.Fuzzing;

/// <summary>Runs cases one after the other, and writes down those that fail.</summary>
internal sealed class FuzzRun(FuzzOptions options, string findingsFolder, TextWriter output)
{
    private const int ExitEndless = 3;
    private const int ProgressStep = 5_000;

    // Processor time, so that a busy machine fails nobody. The longest sound case, a bomb within all limits, takes some 0.5 s.
    private static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndlessProcessorTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndlessTime = TimeSpan.FromMinutes(15);

    private readonly Func<int, long, FuzzCase> create = options.IsImages ? ImageFuzzCase.Create : FuzzCase.Create;
    private readonly Func<FuzzCase, FuzzOutcome> look = options.IsImages ? ImageFuzzTarget.Run : FuzzTarget.Run;
    private readonly string extension = options.IsImages ? "image" : "msix";
    private readonly HashSet<string> kinds = new(StringComparer.Ordinal);
    private long current;
    private long started;
    private TimeSpan startedProcessorTime;

    /// <summary>Runs them.</summary>
    /// <returns>Figures; with failures, if there were any.</returns>
    public FuzzReport Run()
    {
        // A first case pays for compiling and for reading the corpus.
        look(create(options.Seed, options.First));
        var report = new FuzzReport();
        var clock = Stopwatch.StartNew();
        Note(options.First);
        using var watch = new Timer(_ => Watch(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        for (var number = options.First; number < options.First + options.Count && clock.Elapsed < options.Time; number++)
        {
            var input = create(options.Seed, number);
            Note(number);
            Keep(input);
            var outcome = look(input);
            if (outcome.Failure is null && outcome.ProcessorTime > MostProcessorTime)
            {
                outcome = outcome with { Failure = $"Took {outcome.ProcessorTime.TotalSeconds:F1} s of processor time." };
            }

            report.Add(input, outcome);
            if (outcome.Failure is { } failure)
            {
                Record(input, failure);
            }

            if (report.Count % ProgressStep == 0)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Count} cases, {report.Failures.Count} failed, {clock.Elapsed.TotalSeconds:F0} s"));
            }
        }

        return report;
    }

    private void Note(long number)
    {
        Volatile.Write(ref started, Stopwatch.GetTimestamp());
        startedProcessorTime = Environment.CpuUsage.TotalTime;
        Volatile.Write(ref current, number);
    }

    // A case that never ends cannot be stopped from inside; the process ends, and says which it was.
    private void Watch()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)) > EndlessTime || Environment.CpuUsage.TotalTime - startedProcessorTime > EndlessProcessorTime)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Case {Volatile.Read(ref current)} of seed {options.Seed} does not end."));
            Environment.Exit(ExitEndless);
        }
    }

    private void Keep(FuzzCase input)
    {
        if (options.KeepFolder is { } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{options.Seed}-{input.Number}.{extension}")), input.Bytes);
        }
    }

    // One file for each kind of failure: what was thrown, and where.
    private void Record(FuzzCase input, string failure)
    {
        var lines = failure.Split('\n', StringSplitOptions.TrimEntries);
        var where = lines.FirstOrDefault(line => line.StartsWith("at AppAttach.Imaging", StringComparison.Ordinal)) ?? "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"case {input.Number} of seed {options.Seed}: {lines[0]} {where}"));
        var kind = lines[0].Split(':', ' ')[0] + where.Split(" in ")[0];
        if (!kinds.Add(kind))
        {
            return;
        }

        Directory.CreateDirectory(findingsFolder);
        var last = Directory.EnumerateFiles(findingsFolder, $"*.{extension}").Select(Path.GetFileName)
            .Select(name => int.TryParse(name!.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
        var path = Path.Combine(findingsFolder, string.Create(CultureInfo.InvariantCulture, $"{last + 1:D4}-new.{extension}"));
        File.WriteAllBytes(path, input.Bytes);
        output.WriteLine($"  written as {path}: {input.Description}");
        output.WriteLine($"  {string.Join("\n  ", lines.Take(12))}");
    }
}

using System.Globalization;

namespace AppAttach.Fuzzing;

/// <summary>Figures of a run.</summary>
public sealed class FuzzReport
{
    private readonly SortedDictionary<string, int> results = new(StringComparer.Ordinal);
    private readonly List<(FuzzCase Input, FuzzOutcome Outcome)> failures = [];
    private (long Number, FuzzOutcome? Outcome) slowest;
    private (long Number, FuzzOutcome? Outcome, long Bytes) largest;
    private TimeSpan processorTime;

    /// <summary>Number of cases.</summary>
    public int Count { get; private set; }

    /// <summary>Every case that failed.</summary>
    public IReadOnlyList<(FuzzCase Input, FuzzOutcome Outcome)> Failures => failures;

    /// <summary>Adds a case.</summary>
    public void Add(FuzzCase input, FuzzOutcome outcome)
    {
        Count++;
        processorTime += outcome.ProcessorTime;
        results[outcome.Result] = results.GetValueOrDefault(outcome.Result) + 1;
        if (outcome.Failure is not null)
        {
            failures.Add((input, outcome));
        }

        if (outcome.ProcessorTime > (slowest.Outcome?.ProcessorTime ?? TimeSpan.Zero))
        {
            slowest = (input.Number, outcome);
        }

        if (outcome.AllocatedBytes > (largest.Outcome?.AllocatedBytes ?? 0))
        {
            largest = (input.Number, outcome, input.Bytes.Length);
        }
    }

    /// <summary>Writes a table.</summary>
    public void WriteTo(TextWriter output)
    {
        output.WriteLine("| result | cases |");
        output.WriteLine("|---|---|");
        foreach (var (result, count) in results)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {result} | {count:N0} |"));
        }

        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cases: {Count:N0}, failed: {failures.Count:N0}, processor time: {processorTime.TotalSeconds:F0} s"));
        if (slowest.Outcome is { } slow && largest.Outcome is { } large)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"slowest: case {slowest.Number}, {slow.ProcessorTime.TotalSeconds:F2} s ({slow.Result})"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"largest: case {largest.Number}, {large.AllocatedBytes / 1048576.0:F1} MiB allocated for {largest.Bytes} bytes ({large.Result})"));
        }
    }
}

using AppAttach.Fuzzing.Images;

namespace AppAttach.Fuzzing.Tests;

/// <summary>
/// A short run of the fuzzer with a fixed seed, and every finding of longer ones. Memory counts the whole process, so nothing else runs beside it here; time is
/// left to the program itself, as a busy machine would fail it.
/// </summary>
[Collection(OneAtATime)]
public sealed class FuzzTests
{
    /// <summary>The collection of all tests here: those of one collection run one after the other.</summary>
    public const string OneAtATime = "one at a time";

    private const int Seed = 1;
    private const int Cases = 2_000;
    private const int ImageCases = 300;

    public static TheoryData<string> Findings =>
        [.. Directory.EnumerateFiles(Repository.PathOf("tests", "AppAttach.Fuzzing", "Findings"), "*.msix").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void SeededCases_EndInSuccessOrInvalidInput()
    {
        var report = new FuzzReport();
        for (var number = 0; number < Cases; number++)
        {
            var input = FuzzCase.Create(Seed, number);
            report.Add(input, FuzzTarget.Run(input));
        }

        Assert.Equal(Cases, report.Count);
        Assert.Empty(report.Failures.Select(failure => $"Case {failure.Input.Number}: {failure.Input.Description}: {failure.Outcome.Failure}"));
    }

    [Fact]
    public void SeededImages_EndInAReportAndInvalidInput()
    {
        var report = new FuzzReport();
        for (var number = 0; number < ImageCases; number++)
        {
            var input = ImageFuzzCase.Create(Seed, number);
            report.Add(input, ImageFuzzTarget.Run(input));
        }

        Assert.Empty(report.Failures.Select(failure => $"Case {failure.Input.Number}: {failure.Input.Description}: {failure.Outcome.Failure}"));
    }

    [Fact]
    public void SameSeedAndNumber_MakeTheSameCase()
    {
        for (var number = 0; number < 100; number++)
        {
            var (one, other) = (FuzzCase.Create(Seed, number), FuzzCase.Create(Seed, number));

            Assert.Equal(one.Bytes, other.Bytes);
            Assert.Equal(one with { Bytes = other.Bytes }, other);
        }

        Assert.NotEqual(FuzzCase.Create(Seed, 1).Bytes, FuzzCase.Create(Seed + 1, 1).Bytes);
    }

    [Theory]
    [MemberData(nameof(Findings))]
    public void EarlierFinding_EndsInSuccessOrInvalidInput(string file)
    {
        var package = File.ReadAllBytes(Repository.PathOf("tests", "AppAttach.Fuzzing", "Findings", file));
        foreach (var mostPerRead in new[] { int.MaxValue, 61 })
        {
            Assert.Null(FuzzTarget.Run(new(0, file, package, mostPerRead, long.MaxValue)).Failure);
        }
    }
}

namespace AppAttach.Fuzzing.Tests;

/// <summary>Packages built to cost much end like any other, and within the memory that a package may take.</summary>
[Collection(FuzzTests.OneAtATime)]
public sealed class WorstCaseTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. WorstCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void WorstCase_StaysWithinItsMemory(string name)
    {
        var package = WorstCases.All[name]();
        var outcome = FuzzTarget.Run(new(0, name, package, int.MaxValue, long.MaxValue));

        output.WriteLine($"{package.Length} bytes: {outcome.Result}, {outcome.AllocatedBytes >> 20} MiB, {outcome.ProcessorTime.TotalSeconds:F2} s");
        Assert.Null(outcome.Failure);
    }

    [Theory]
    [InlineData(1_000_000, "accepted, signature: signature-missing")]
    [InlineData(1_100_000, "refused at opening: limit-exceeded")]
    public void ContentTypes_AreNoLargerThanThePartsExplain(int characters, string result) =>
        Assert.Equal(result, FuzzTarget.Run(new(0, "", WorstCases.ContentTypes($"<!--{new string('a', characters)}-->"), int.MaxValue, long.MaxValue)).Result);

    [Fact]
    public void EverySoundPackage_TakenApartAndWrittenAgain_IsStillAccepted()
    {
        Assert.Contains(FuzzBase.Sound, item => !item.IsBundle);
        foreach (var package in FuzzBase.Sound.Where(item => !item.IsBundle))
        {
            foreach (var isRebuilt in new[] { false, true })
            {
                var archive = package.TakeApart();
                Assert.NotNull(archive);
                if (isRebuilt)
                {
                    archive.RebuildBlockMap();
                }

                var outcome = FuzzTarget.Run(new(0, package.Name, archive.Write(), int.MaxValue, long.MaxValue));
                Assert.True(outcome.Result.StartsWith("accepted", StringComparison.Ordinal), $"{package.Name}, block map rebuilt {isRebuilt}: {outcome.Result}: {outcome.Message}");
            }
        }
    }
}

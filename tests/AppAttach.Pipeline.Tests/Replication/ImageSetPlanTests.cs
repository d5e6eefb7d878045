using AppAttach.Pipeline.Replication;

namespace AppAttach.Pipeline.Tests.Replication;

public sealed class ImageSetPlanTests
{
    [Fact]
    public void FamilyAndWhatAddsToIt_AreOneImage_AndFrameworksAreTheirOwn()
    {
        var plan = ImageSetPlan.Create(
            [
                Package("Contoso.App", 100), Package("Contoso.App", 5, "de"), Package("Contoso.Extra", 7, addsTo: "Contoso.App_a"),
                Package("Contoso.Runtime", 50), Package("Contoso.Lonely", 3, addsTo: "Contoso.Missing_a"),
            ],
            [new("west", 10, null)]);
        Assert.Equal(
            ["Contoso.App_1_x64_de_a,Contoso.App_1_x64__a,Contoso.Extra_1_x64__a", "Contoso.Runtime_1_x64__a", "Contoso.Lonely_1_x64__a"],
            plan.Images.Select(image => string.Join(',', image.Packages)));
        Assert.Equal([112, 50, 3], plan.Images.Select(image => image.ContentBytes));
        Assert.Equal(0, plan.Merged);
    }

    // The examples of the documentation: 100 hosts and 100 images hit the limit of a root, 20 images make 2,000 handles.
    [Theory]
    [InlineData(100, 20, 1, 1, 2000)]
    [InlineData(100, 99, 1, 1, 9900)]
    [InlineData(100, 100, 1, 2, 9900)]
    [InlineData(1, 9999, 1, 1, 9999)]
    [InlineData(1, 10000, 1, 2, 9999)]
    [InlineData(2000, 4, 1, 1, 8000)]
    [InlineData(2000, 5, 1, 2, 8000)]
    [InlineData(2001, 1, 2, 2, 1001)]
    [InlineData(9999, 3, 5, 5, 6000)]
    public void Region_NeedsTheSharesThatTheLimitsSay(int hosts, int images, int groups, int shares, int rootHandles)
    {
        var placed = RegionPlacement.Of(new("west", hosts, null), images);
        Assert.Equal((groups, shares, rootHandles), (placed.HostGroups, placed.SharesNeeded, placed.RootHandles));
    }

    // Whatever the numbers are: what a plan says it needs keeps within both limits, and one share less would not.
    [Fact]
    public void AnyPlan_KeepsWithinTheLimits()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var packages = Enumerable.Range(0, random.Next(1, 120)).Select(index => Package($"P{index}", random.Next(1, 1000))).ToList();
            RegionSize[] regions =
            [
                new("west", random.Next(1, 5000), random.Next(3, 9)),
                new("east", random.Next(1, 5000), random.Next(2) == 0 ? null : random.Next(3, 20)),
            ];
            var plan = ImageSetPlan.Create(packages, regions);
            Assert.Equal(packages.Select(package => package.FullName).Order(), plan.Images.SelectMany(image => image.Packages).Order());
            Assert.Equal(packages.Sum(package => package.ContentBytes), plan.Images.Sum(image => image.ContentBytes));
            Assert.All(plan.Regions, placed =>
            {
                Assert.True(placed.HostGroups * placed.HostsInGroup >= placed.Region.Hosts);
                Assert.True(placed.HostsInGroup <= ShareLimits.HostsPerImage);
                Assert.True(placed.RootHandles <= ShareLimits.AttachmentsPerShare);
                Assert.True(placed.SharesNeeded <= (placed.Region.Shares ?? int.MaxValue));
                Assert.True(placed.SharesNeeded / placed.HostGroups * placed.ImagesOnShare >= plan.Images.Count);
                Assert.True(((placed.SharesNeeded / placed.HostGroups) - 1) * placed.ImagesOnShare < plan.Images.Count);
            });
            var shuffled = ImageSetPlan.Create([.. packages.OrderBy(_ => random.Next())], regions);
            Assert.Equal(plan.Images.Select(image => string.Join(',', image.Packages)), shuffled.Images.Select(image => string.Join(',', image.Packages)));
            Assert.True(plan.Merged == 0 || regions.Any(region => RegionPlacement.Of(region, plan.Images.Count + 1).MostImages <= plan.Images.Count));
        }
    }

    [Fact]
    public void TooManyImagesForTheShares_MergesTheSmallest()
    {
        var plan = ImageSetPlan.Create(
            [Package("Big", 900), Package("Mid", 500), Package("Small", 20), Package("Tiny", 1), Package("Other", 30)],
            [new("west", 2000, 1), new("east", 10, 1)]);
        Assert.Equal(1, plan.Merged);
        Assert.Equal(["Big_1_x64__a", "Mid_1_x64__a", "Other_1_x64__a", "Small_1_x64__a,Tiny_1_x64__a"], plan.Images.Select(image => string.Join(',', image.Packages)));
        Assert.Equal([1, 2, 3, 4], plan.Images.Select(image => image.Number));
    }

    [Fact]
    public void MoreHostsThanTheSharesCanEverServe_AreRefusedWithTheNumbers()
    {
        var refusal = Assert.Throws<PackageSetRefusedException>(() => ImageSetPlan.Create([Package("One", 1)], [new("west", 2001, 1)]));
        Assert.Contains("west", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("2001 hosts", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("needs 2 shares", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImagesTooLargeToMerge_AreRefused() => Assert.Throws<PackageSetRefusedException>(
        () => ImageSetPlan.Create([.. Enumerable.Range(0, 5).Select(index => Package($"P{index}", ImageSetPlan.MaximumMergedBytes))], [new("west", 2000, 1)]));

    [Fact]
    public void SamePackageTwice_IsRefused() =>
        Assert.Throws<PackageSetRefusedException>(() => ImageSetPlan.Create([Package("One", 1), Package("One", 1)], [new("west", 1, null)]));

    private static PlannedPackage Package(string name, long bytes, string resource = "", string? addsTo = null) =>
        new($"{name}_1_x64_{resource}_a", $"{name}_a", addsTo is null ? [] : [addsTo], bytes);
}

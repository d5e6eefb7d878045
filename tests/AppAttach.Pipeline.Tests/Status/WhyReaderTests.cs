using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Status;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.Pipeline.Tests.Status;

/// <summary>Why a package is not on a host: the first thing that stands in the way, at each link of the chain.</summary>
public sealed class WhyReaderTests
{
    private const string Pool = "pool-east";

    [Fact]
    public async Task NothingDropped_AndNoSuchHost_IsSaid()
    {
        await using var host = await FleetAsync();

        Assert.Equal("dropped", (await WhyAsync(host, Packages.SampleFullName, "a")).Obstacle!.Step);
        await host.PublishAsync("1.msix", Packages.Sample());
        Assert.Equal("host known", (await WhyAsync(host, Packages.SampleFullName, "nobody")).Obstacle!.Step);
    }

    [Fact]
    public async Task PackageThatIsThere_HasAChainWithTimesAndNoObstacle()
    {
        await using var host = await FleetAsync();
        await host.PublishAsync("1.msix", Packages.Sample());
        await host.AllRolloutsAsync();

        var answer = await WhyAsync(host, Packages.SampleFullName, "a");

        Assert.Null(answer.Obstacle);
        Assert.Equal(
            ["dropped", "verified", "converted", "copied to east", "host known", "assigned", "rolled out", "host can take it", "staged", "registered"],
            answer.Steps.Select(step => step.Step));
        Assert.All(answer.Steps.Where(step => step.Step != "assigned" && step.Step != "dropped"), step => Assert.NotNull(step.At));
    }

    [Fact]
    public async Task FamilyThatIsNotAssigned_IsSaid()
    {
        await using var host = await FleetAsync();
        await host.Catalog.DeleteAsync(DocumentKinds.Assignments, AssignmentRecord.KeyOf("*", Pool), default);
        await host.PublishAsync("1.msix", Packages.Sample());

        var obstacle = (await WhyAsync(host, Packages.SampleFullName, "a")).Obstacle!;

        Assert.Equal("assigned", obstacle.Step);
        Assert.Contains($"not assigned to {Pool}", obstacle.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostThatCouldNotStage_IsSaidWithItsReasonAndWhenItIsTriedAgain()
    {
        await using var host = await FleetAsync();
        host.Bus.Answers = command => command.Host == "a" ? MemoryBus.Failed(command, ErrorCodes.MountFailed) : MemoryBus.Succeeded(command);
        await host.PublishAsync("1.msix", Packages.Sample());
        await host.AllRolloutsAsync();
        await host.HelloAsync("a", Pool);

        var obstacle = (await WhyAsync(host, Packages.SampleFullName, "a")).Obstacle!;

        Assert.Equal("staged", obstacle.Step);
        Assert.Contains(ErrorCodes.MountFailed, obstacle.Detail, StringComparison.Ordinal);
        Assert.Contains("tried again at", obstacle.Detail, StringComparison.Ordinal);
        Assert.Null((await WhyAsync(host, Packages.SampleFullName, "b")).Obstacle);
    }

    [Fact]
    public async Task HostThatCannotTakeIt_IsSaidWithWhatItLacks()
    {
        await using var host = await FleetAsync();
        await host.PublishAsync("1.msix", Packages.Sample(architecture: "arm64"));
        await host.AllRolloutsAsync();
        var package = host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single().Package;

        var answer = await WhyAsync(host, package.FullName, "a");

        Assert.Equal("host can take it", answer.Obstacle!.Step);
        Assert.Contains("the package is for arm64", answer.Obstacle.Detail, StringComparison.Ordinal);
    }

    private static async Task<PipelineTestHost> FleetAsync()
    {
        var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.HelloAsync("a", Pool);
        await host.HelloAsync("b", Pool);
        return host;
    }

    private static Task<WhyAnswer> WhyAsync(PipelineTestHost host, string package, string name) =>
        host.Get<WhyReader>().ReadAsync(package, name, CancellationToken.None);
}

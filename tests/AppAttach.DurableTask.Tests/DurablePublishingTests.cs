using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Tests;
using AppAttach.TestKit.Packages;

namespace AppAttach.DurableTask.Tests;

/// <summary>What publishing does on the embedded engine it does on Durable Task's.</summary>
public sealed class DurablePublishingTests
{
    [Fact]
    public async Task PackageForTwoRegions_IsRegisteredOnTheirHosts()
    {
        await using var pipeline = new DurablePipeline("east", "west");
        await pipeline.StartAsync();
        foreach (var (host, pool) in new[] { ("e-1", "pool-east"), ("e-2", "pool-east"), ("w-1", "pool-west") })
        {
            await pipeline.HelloAsync(host, pool);
        }

        var result = await pipeline.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal((PackageState.Released, Packages.SampleFullName), (result.State, result.Package!.FullName));
        Assert.Equal(RolloutState.Completed, (await pipeline.RolloutAsync("pool-east", "1.2.3.4")).State);
        Assert.Equal(RolloutState.Completed, (await pipeline.RolloutAsync("pool-west", "1.2.3.4")).State);
        Assert.Equal(
            new[] { "e-1", "e-2", "w-1" }.Select(host => $"{host} {Packages.SampleFullName}"), pipeline.Bus.Registered.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("msix-packaging/BlockMap/No_blockmap.appx")]
    [InlineData("synthetic/invalid-block-hash.msix")]
    public async Task PackageThatIsWrong_IsRefused(string name)
    {
        await using var pipeline = new DurablePipeline("east");
        await pipeline.StartAsync();

        var result = await pipeline.PublishAsync("wrong.msix", await File.ReadAllBytesAsync(PackageCorpus.PathOf(name)));

        Assert.Equal(PackageState.Rejected, result.State);
        Assert.NotNull(result.Code);
    }

    [Fact]
    public async Task ShareThatIsAwayForAWhile_GetsItsCopyThen()
    {
        await using var pipeline = new DurablePipeline("east", "west");
        var refusals = 2;
        pipeline.Faults.Refuses = call =>
            call.StartsWith("share", StringComparison.Ordinal) && Interlocked.Decrement(ref refusals) >= 0 ? new ShareUnavailableException("The share is away.") : null;
        await pipeline.StartAsync();

        var result = await pipeline.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal(PackageState.Released, result.State);
        Assert.True(refusals < 0, "No share was asked.");
    }

    [Fact]
    public async Task SameDropTwice_IsOneInstance_WhileItRunsAndAfter()
    {
        await using var pipeline = new DurablePipeline("east");
        await pipeline.StartAsync();
        var drop = pipeline.Inbox.Put("sample.msix", Packages.Sample());
        var input = new PublishPackageInput(drop);

        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pipeline.UseAsync(
            () => pipeline.Orchestrations.StartAsync(nameof(PublishPackageOrchestrator), "publish-1", input, CancellationToken.None))));
        Assert.Single(started, isNew => isNew);
        await pipeline.EndAsync<PublishPackageResult>("publish-1");

        Assert.False(await pipeline.UseAsync(
            () => pipeline.Orchestrations.StartAsync(nameof(PublishPackageOrchestrator), "publish-1", input, CancellationToken.None)));
        Assert.Single(pipeline.Images.Commits);
    }

    [Fact]
    public async Task EventForAnInstanceThatIsNotThere_IsPassedOver()
    {
        await using var pipeline = new DurablePipeline("east");
        await pipeline.StartAsync();

        await pipeline.UseAsync(async () =>
        {
            await pipeline.Orchestrations.RaiseEventAsync("nobody", "outcome", new { }, CancellationToken.None);
            return true;
        });
    }
}

using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests;

/// <summary>
/// One publishing in two regions with the rollouts that follow, interrupted at every moment in turn: it always ends in the same
/// state, and nothing that happened twice can be told from once.
/// </summary>
public sealed class InterruptionTests
{
    [Fact]
    public async Task AnyPortCallThatThrowsOnce_EndsAsIfItHadNot()
    {
        var moment = 0;
        string? thrown;
        do
        {
            moment++;
            thrown = await RunWithFaultAsync(moment);
        }
        while (thrown is not null);

        Assert.InRange(moment, 60, 600);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EngineKilledAroundAnyTransaction_EndsAsIfItHadNot(bool afterCommit)
    {
        var transaction = 0;
        bool wasKilled;
        do
        {
            transaction++;
            wasKilled = await RunWithKillAsync(transaction, afterCommit);
        }
        while (wasKilled);

        Assert.InRange(transaction, 20, 200);
    }

    private static async Task<string?> RunWithFaultAsync(int moment)
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        var drop = await PrepareAsync(host);
        host.Faults.ThrowAt = host.Faults.Moments + moment;

        await AssertEndAsync(host, await host.DropAsync(drop));
        Assert.Equal(0, host.Images.Unfinished);
        return host.Faults.Thrown;
    }

    private static async Task<bool> RunWithKillAsync(int transaction, bool afterCommit)
    {
        var kill = new EngineKill(transaction, afterCommit);
        await using var host = new PipelineTestHost("east", "west");
        host.EngineOptions = host.EngineOptions with { TransactionObserver = kill };
        await host.StartAsync();
        var drop = await PrepareAsync(host);
        var ended = PublishUntilKilledAsync(host, drop);
        var wasKilled = await Task.WhenAny(ended, kill.Killed) == kill.Killed || kill.Killed.IsCompleted;
        if (wasKilled)
        {
            host.EngineOptions = host.EngineOptions with { TransactionObserver = null };
            await host.DropAsync();
            await host.StartAsync();

            // The watcher of the inbox says again what it saw when it cannot know whether it got through.
            await host.DropAsync(drop);
        }

        await AssertEndAsync(host, drop.ToInstanceId());
        return wasKilled;
    }

    private static async Task PublishUntilKilledAsync(PipelineTestHost host, PackageDrop drop)
    {
        try
        {
            await host.ResultAsync<PublishPackageResult>(await host.DropAsync(drop));
            await host.AllRolloutsAsync();
        }
        catch (IOException)
        {
            // Killed.
        }
        catch (ObjectDisposedException)
        {
            // Killed, and the file is closed.
        }
    }

    private static async Task<PackageDrop> PrepareAsync(PipelineTestHost host)
    {
        await host.HelloAsync("host-e", "pool-east");
        await host.HelloAsync("host-w1", "pool-west");
        await host.HelloAsync("host-w2", "pool-west");
        return host.Inbox.Put("sample.msix", Packages.Sample());
    }

    private static async Task AssertEndAsync(PipelineTestHost host, string publishing)
    {
        await host.EndAllAsync(publishing, longestRetry: TimeSpan.FromMinutes(5));
        var result = await host.ResultAsync<PublishPackageResult>(publishing);
        var moment = host.Faults.Thrown;

        Assert.True(result.State == PackageState.Released, $"{moment}: {result}");
        Assert.Equal(PackageState.Released, host.Catalog.All<PackageRecord>(DocumentKinds.Packages).Single().State);
        var release = host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single();
        Assert.Equal(["east", "west"], release.Copies.Select(copy => copy.Region));
        Assert.Equal(("released", Packages.SampleFullName), host.Inbox.Marks["sample.msix"]);

        var rollouts = host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts);
        Assert.Equal(2, rollouts.Count);
        Assert.All(rollouts, rollout => Assert.True(rollout.State == RolloutState.Completed, $"{moment}: {rollout}"));
        Assert.Equal(
            ["host-e", "host-w1", "host-w2"],
            host.Bus.Registered.Keys.Select(registered => registered.Split(' ')[0]).Order(StringComparer.Ordinal));

        // Twice is fine where the second says the same as the first.
        Assert.All(host.Bus.Commands.GroupBy(sent => sent.CommandId), same => Assert.Single(same.Select(sent => (sent.Host, sent.Kind)).Distinct()));
        Assert.Equal(6, host.Bus.Commands.Select(sent => sent.CommandId).Distinct().Count());
        Assert.All(host.Bus.Events.GroupBy(sent => sent.Id), same => Assert.Single(same.Distinct()));
        // The release, and for each pool its ring and its end.
        Assert.Equal(5, host.Bus.Events.Select(sent => sent.Id).Distinct().Count());
        Assert.Single(host.Images.Images);
    }
}

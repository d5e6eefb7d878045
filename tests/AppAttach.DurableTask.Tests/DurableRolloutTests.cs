using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Tests;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.DurableTask.Tests;

/// <summary>What a rollout does on the embedded engine it does on Durable Task's.</summary>
public sealed class DurableRolloutTests
{
    private const string Pool = "pool-east";

    /// <summary>Short, as no clock can be moved here.</summary>
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(3);

    private static readonly string[] Hosts = ["a", "b", "c", "d", "e"];

    [Fact]
    public async Task HostThatIsSilent_IsGivenUpAtTheDeadline()
    {
        await using var pipeline = await FleetAsync(CommandDeadline);
        pipeline.Bus.Answers = command => command.Host == "e" ? null : MemoryBus.Succeeded(command);

        await pipeline.PublishAsync("sample.msix", Packages.Sample());
        var rollout = await pipeline.RolloutAsync(Pool, "1.2.3.4");

        Assert.True(rollout.UpdatedAt - rollout.StartedAt >= CommandDeadline, $"It took from {rollout.StartedAt} to {rollout.UpdatedAt}.");
        Assert.Equal(["a", "b", "c", "d"], pipeline.Bus.Registered.Keys.Select(registered => registered.Split(' ')[0]).Order(StringComparer.Ordinal));
        var silent = pipeline.Catalog.All<RolloutBatch>(DocumentKinds.RolloutHosts).SelectMany(batch => batch.Hosts).Single(member => member.Host == "e");
        Assert.Equal(ErrorCodes.NoAnswer, silent.Code);
    }

    [Fact]
    public async Task HostsThatTakeTheirTime_AreWaitedFor()
    {
        await using var pipeline = await FleetAsync();
        pipeline.Bus.Answers = command =>
        {
            _ = pipeline.AnswerLaterAsync(command, TimeSpan.FromMilliseconds(300));
            return null;
        };

        await pipeline.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal(RolloutState.Completed, (await pipeline.RolloutAsync(Pool, "1.2.3.4")).State);
    }

    [Fact]
    public async Task BadRelease_IsHaltedInTheFirstRingAndTakenBack()
    {
        await using var pipeline = await FleetAsync();
        await pipeline.PublishAsync("1.msix", Packages.Sample(version: "1.0.0.0"));
        var good = await pipeline.RolloutAsync(Pool, "1.0.0.0");
        pipeline.Bus.Answers = command => command is { Kind: CommandKind.Register, Package.Version: "2.0.0.0", Host: "a" or "b" }
            ? MemoryBus.Failed(command, ErrorCodes.RegistrationFailed)
            : MemoryBus.Succeeded(command);

        await pipeline.PublishAsync("2.msix", Packages.Sample(version: "2.0.0.0"));
        var bad = await pipeline.RolloutAsync(Pool, "2.0.0.0");

        Assert.Equal((RolloutState.Completed, RolloutState.RolledBack), (good.State, bad.State));
        Assert.DoesNotContain(pipeline.Bus.Commands, sent => sent is { Package.Version: "2.0.0.0", Host: "d" or "e" });
        Assert.All(Hosts, host => Assert.Contains(
            pipeline.Bus.InventoryOf(host), item => item.PackageFullName == good.Package.FullName && item.RegisteredUsers.Count > 0));
    }

    [Fact]
    public async Task PausedRollout_BeginsNoFurtherPhaseUntilItIsResumed()
    {
        await using var pipeline = await FleetAsync();
        pipeline.Bus.Answers = command =>
        {
            if (command is { Kind: CommandKind.Register, Host: "a" })
            {
                Assert.True(pipeline.AskAsync(Request(RequestVerb.Pause)).Result.IsAccepted);
            }

            return MemoryBus.Succeeded(command);
        };
        await pipeline.PublishAsync("sample.msix", Packages.Sample());
        await Eventually.IsTrueAsync(
            () => pipeline.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts) is [{ State: RolloutState.Paused }], "the rollout is paused");
        Assert.DoesNotContain(pipeline.Bus.Commands, sent => sent.Host is "d" or "e");

        Assert.True((await pipeline.AskAsync(Request(RequestVerb.Resume))).IsAccepted);

        Assert.Equal(RolloutState.Completed, (await pipeline.RolloutAsync(Pool, "1.2.3.4")).State);
        Assert.Equal(5, pipeline.Bus.Registered.Count);
    }

    [Fact]
    public async Task LargePool_IsReachedInBatches()
    {
        await using var pipeline = new DurablePipeline("east");
        await pipeline.StartAsync();
        for (var i = 0; i < 450; i++)
        {
            await pipeline.HelloAsync($"h-{i}", "pool-east");
        }

        await pipeline.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal(RolloutState.Completed, (await pipeline.RolloutAsync("pool-east", "1.2.3.4")).State);
        Assert.Equal(450, pipeline.Bus.Registered.Count);
    }

    private static PipelineRequest Request(RequestVerb verb) =>
        new() { Id = verb.ToString(), Verb = verb, RequestedBy = "/test", Family = Packages.SampleFamily, Pool = Pool };

    /// <summary>Five hosts: a, b and c in the first ring, d and e in the second.</summary>
    private static async Task<DurablePipeline> FleetAsync(TimeSpan? deadline = null)
    {
        var pipeline = new DurablePipeline("east");
        pipeline.Options = pipeline.Options with { CommandDeadline = deadline ?? pipeline.Options.CommandDeadline };
        await pipeline.AssignRingsAsync(Pool, new RingDefinition { Name = "first", Hosts = ["a", "b", "c"] }, new RingDefinition { Name = "rest" });
        await pipeline.StartAsync();
        foreach (var host in Hosts)
        {
            await pipeline.HelloAsync(host, Pool);
        }

        return pipeline;
    }
}

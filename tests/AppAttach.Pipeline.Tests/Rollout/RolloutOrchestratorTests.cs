using System.Diagnostics;
using AppAttach.Contracts;
using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.Pipeline.Tests.Rollout;

/// <summary>How a rollout ends, for each thing that its hosts may say or not say.</summary>
public sealed class RolloutOrchestratorTests
{
    [Fact]
    public async Task AllHostsGood_Completes()
    {
        await using var host = await Rollouts.HostAsync("a", "b");
        var begun = host.Clock.GetUtcNow();

        var result = await Rollouts.RunAsync(host);

        Assert.Equal(RolloutState.Completed, result.State);
        Assert.Equal(
            [new RolloutHost("a", HostProgress.Registered), new RolloutHost("b", HostProgress.Registered)], result.Hosts);
        Assert.Equal(["Stage a", "Stage b", "Register a", "Register b"], host.Bus.Commands.Select(sent => $"{sent.Kind} {sent.Host}"));
        var stage = host.Bus.Commands.First();
        Assert.Equal(Rollouts.Input.Image, stage.Image);
        Assert.Empty(stage.Users);
        // Between two answers a rollout waits for time alone, as far as can be seen: then the clock moves on.
        Assert.Equal(begun + Rollouts.Input.Deadline, stage.Deadline);
        var register = host.Bus.Commands.Last();
        Assert.Null(register.Image);
        Assert.Equal(Rollouts.Input.Users, register.Users);
        AssertRecorded(host, result);
        Assert.Equal((MessageTypes.RolloutCompleted, null), Rollouts.End(host, out var message));
        Assert.Equal($"{Packages.SampleFullName} is registered on 2 of 2 hosts of pool-east.", message);
    }

    [Fact]
    public async Task StageThatFailsOnOneHost_KeepsBackThatHostOnly()
    {
        await using var host = await Rollouts.HostAsync("a", "b", "c");
        host.Bus.Answers = command => command is { Host: "b", Kind: CommandKind.Stage }
            ? MemoryBus.Failed(command, ErrorCodes.MountFailed)
            : MemoryBus.Succeeded(command);

        var result = await Rollouts.RunAsync(host);

        Assert.Equal(RolloutState.Failed, result.State);
        Assert.Equal(new RolloutHost("b", HostProgress.Failed, ErrorCodes.MountFailed, "b says mount-failed."), result.Hosts[1]);
        Assert.Equal(["a", "c"], result.Hosts.Where(each => each.Progress == HostProgress.Registered).Select(each => each.Host));
        Assert.Equal(["a", "c"], host.Bus.Commands.Where(sent => sent.Kind == CommandKind.Register).Select(sent => sent.Host));
        AssertRecorded(host, result);
        Assert.Equal((MessageTypes.RolloutFailed, ErrorCodes.MountFailed), Rollouts.End(host, out var message));
        Assert.Equal($"{Packages.SampleFullName} is registered on 2 of 3 hosts of pool-east; not on b (mount-failed).", message);
    }

    [Fact]
    public async Task StageThatFailsEverywhere_SendsNoRegister()
    {
        await using var host = await Rollouts.HostAsync("a", "b");
        host.Bus.Answers = command => MemoryBus.Failed(command, ErrorCodes.ImageMissing);

        var result = await Rollouts.RunAsync(host);

        Assert.Equal(RolloutState.Failed, result.State);
        Assert.All(host.Bus.Commands, sent => Assert.Equal(CommandKind.Stage, sent.Kind));
        Assert.All(result.Hosts, each => Assert.Equal(ErrorCodes.ImageMissing, each.Code));
    }

    [Fact]
    public async Task RegisterThatFailsOrIsRefused_IsNamed()
    {
        await using var host = await Rollouts.HostAsync("a", "b", "c");
        host.Bus.Answers = command => (command.Host, command.Kind) switch
        {
            ("a", CommandKind.Register) => MemoryBus.Failed(command, ErrorCodes.RegistrationFailed),
            ("b", CommandKind.Register) => MemoryBus.Failed(command, null!) with { Result = OutcomeResult.Refused, Message = null },
            _ => MemoryBus.Succeeded(command),
        };

        var result = await Rollouts.RunAsync(host);

        Assert.Equal([ErrorCodes.RegistrationFailed, ErrorCodes.Internal, null], result.Hosts.Select(each => each.Code));
        Assert.Equal("The host gave no reason.", result.Hosts[1].Message);
        Assert.Equal(RolloutState.Failed, result.State);
    }

    [Theory]
    [InlineData(CommandKind.Stage)]
    [InlineData(CommandKind.Register)]
    public async Task HostThatDoesNotAnswer_IsGivenUpAtTheDeadlineAndNotBefore(CommandKind silentAt)
    {
        await using var host = await Rollouts.HostAsync("a", "b");
        host.Bus.Answers = command => command.Host == "b" && command.Kind == silentAt ? null : MemoryBus.Succeeded(command);
        var began = host.Clock.GetUtcNow();

        var result = await Rollouts.RunAsync(host);

        Assert.Equal(Rollouts.Input.Deadline, host.Clock.GetUtcNow() - began);
        Assert.Equal(HostProgress.Registered, result.Hosts[0].Progress);
        Assert.Equal((HostProgress.Failed, ErrorCodes.NoAnswer), (result.Hosts[1].Progress, result.Hosts[1].Code));
        Assert.Equal($"No outcome of {silentAt} arrived from b within 00:30:00.", result.Hosts[1].Message);
        AssertRecorded(host, result);
    }

    [Fact]
    public async Task LateDuplicateAndForeignOutcomes_ChangeNothing()
    {
        await using var host = await Rollouts.HostAsync("a", "b");
        host.Bus.Answers = command => command.Host == "b" && command.Kind == CommandKind.Stage ? null : MemoryBus.Succeeded(command);
        var deliver = host.Bus.Delivers;
        var stageOfB = default(CommandOutcome);
        host.Bus.Delivers = async outcome =>
        {
            stageOfB ??= outcome with { Host = "b" };
            await deliver(outcome);
            await deliver(outcome);
            await deliver(outcome with { Result = OutcomeResult.Failed, Code = ErrorCodes.MountFailed });
            await deliver(outcome with { Host = "stranger" });
            await deliver(outcome with { Kind = CommandKind.Destage, Result = OutcomeResult.Failed });
            await deliver(outcome with { RolloutId = "rollout-00000000000000000000000000000000" });
            await deliver(outcome with { RolloutId = null });
            if (outcome.Kind == CommandKind.Register)
            {
                await deliver(stageOfB);
            }
        };

        var result = await Rollouts.RunAsync(host);

        Assert.Equal([HostProgress.Registered, HostProgress.Failed], result.Hosts.Select(each => each.Progress));
        Assert.Equal(ErrorCodes.NoAnswer, result.Hosts[1].Code);
        Assert.Single(host.Bus.Events, sent => sent.Id.EndsWith("-end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OutcomesInAnyOrder_GiveTheHostsInTheirOrder()
    {
        await using var host = await Rollouts.HostAsync("a", "b", "c");
        var held = new Stack<CommandOutcome>();
        var deliver = host.Bus.Delivers;
        host.Bus.Delivers = async outcome =>
        {
            held.Push(outcome);
            while (outcome.Host == "c" && held.TryPop(out var next))
            {
                await deliver(next);
            }
        };

        var result = await Rollouts.RunAsync(host);

        Assert.Equal(RolloutState.Completed, result.State);
        Assert.Equal(["a", "b", "c"], result.Hosts.Select(each => each.Host));
    }

    [Fact]
    public async Task FiveHundredHosts_AllGetThePackage()
    {
        await using var host = new PipelineTestHost("east") { EngineOptions = new EngineOptions() };
        await host.StartAsync();
        for (var number = 0; number < 500; number++)
        {
            await host.HelloAsync($"host-{number:000}", "pool-east");
        }

        var watch = Stopwatch.StartNew();
        await host.Engine.StartAsync(nameof(RolloutOrchestrator), Rollouts.Input.ToInstanceId(), Rollouts.Input, CancellationToken.None);
        var result = await host.ResultAsync<RolloutResult>(Rollouts.Input.ToInstanceId());

        TestContext.Current.TestOutputHelper?.WriteLine($"500 hosts, 1,000 outcomes: {watch.Elapsed.TotalSeconds:F1} s.");
        Assert.Equal(RolloutState.Completed, result.State);
        Assert.Equal(500, result.Hosts.Count);
        Assert.Equal(500, host.Bus.Registered.Count);
        Assert.Equal(1000, host.Bus.Commands.Count);
    }

    [Fact]
    public async Task NoHosts_CompletesAndSaysSo()
    {
        await using var host = await Rollouts.HostAsync();

        var result = await Rollouts.RunAsync(host);

        Assert.Equal(RolloutState.Completed, result.State);
        Assert.Empty(host.Bus.Commands);
        AssertRecorded(host, result);
        Assert.Equal((MessageTypes.RolloutCompleted, null), Rollouts.End(host, out var message));
        Assert.Equal(
            $"{Packages.SampleFullName} went to no host: none of pool-east has said hello yet. A host that does gets it then.", message);
    }

    [Fact]
    public async Task ManyFailures_AreNamedUpToFiveInTheEventAndAllInTheRecord()
    {
        await using var host = await Rollouts.HostAsync("a", "b", "c", "d", "e", "f");
        host.Bus.Answers = command => MemoryBus.Failed(command, ErrorCodes.MountFailed);

        await Rollouts.RunAsync(host);

        Rollouts.End(host, out var message);
        Assert.EndsWith("e (mount-failed) and 1 more.", message, StringComparison.Ordinal);
        Assert.Equal(6, host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts).Single().Hosts.Count(each => each.Code is not null));
    }

    [Fact]
    public async Task BusThatIsAwayForGood_FailsTheHostsAndRecordsIt()
    {
        await using var host = await Rollouts.HostAsync("a");
        host.Faults.Refuses = call => call == "bus.send" ? new IOException("The bus is away.") : null;

        var result = await Rollouts.RunAsync(host);

        Assert.Equal((RolloutState.Failed, ErrorCodes.Internal), (result.State, result.Hosts[0].Code));
        Assert.Equal("The command Stage could not be sent: The bus is away.", result.Hosts[0].Message);
        AssertRecorded(host, result);
    }

    [Fact]
    public async Task RecordPurgedMeanwhile_IsWrittenAnew()
    {
        await using var host = await Rollouts.HostAsync("a");
        host.Bus.Answers = command =>
        {
            host.Catalog.DeleteAsync(DocumentKinds.Rollouts, command.RolloutId!, default).Wait();
            return MemoryBus.Succeeded(command);
        };

        AssertRecorded(host, await Rollouts.RunAsync(host));
    }

    private static void AssertRecorded(PipelineTestHost host, RolloutResult result)
    {
        var record = host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts).Single();
        Assert.Equal(result.State, record.State);
        Assert.Equal(result.Hosts, record.Hosts);
        Assert.Equal("pool-east", record.Pool);
        Assert.Equal(Packages.SampleFullName, record.Package.FullName);
    }
}

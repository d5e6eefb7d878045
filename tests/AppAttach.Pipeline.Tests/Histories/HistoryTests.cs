using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Engine;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;
using AppAttach.Pipeline.Tests.Rollout;
using AppAttach.TestKit.Packages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Pipeline.Tests.Histories;

/// <summary>
/// Histories that were recorded once, one for each way to end, must replay against today's orchestrators: instances are under way
/// while a new version is installed. A change that breaks one of them gets a new orchestrator beside the old one; the file stays.
/// To record a history for a new outcome, run this class with the environment variable <c>APPATTACH_RECORD_HISTORIES</c> set: it
/// writes the files that are missing and touches no other.
/// </summary>
public sealed class HistoryTests
{
    private static readonly Dictionary<string, Func<Task<string>>> Recorders = new()
    {
        ["publish-released.v1"] = () => PublishAsync(_ => { }),
        ["publish-partly-released.v1"] = () => PublishAsync(host => host.Shares["west"].IsAway = true),
        ["publish-failed-all-regions.v1"] = () => PublishAsync(host => host.Shares["east"].IsAway = true, regions: "east"),
        ["publish-failed-hub-away.v1"] = () => PublishAsync(host =>
            host.Faults.Refuses = call => call == "images.create" ? new IOException("The hub is away.") : null),
        ["publish-rejected-by-verification.v1"] = () => PublishAsync(_ => { }, "msix-packaging/BlockMap/No_blockmap.appx"),
        ["publish-rejected-by-conversion.v1"] = () => PublishAsync(_ => { }, "synthetic/invalid-block-hash.msix"),
        ["rollout-completed.v1"] = () => RolloutAsync(MemoryBus.Succeeded, "a", "b"),
        ["rollout-completed-without-hosts.v1"] = () => RolloutAsync(MemoryBus.Succeeded),
        ["rollout-failed-to-stage.v1"] = () => RolloutAsync(
            command => command.Host == "b" ? MemoryBus.Failed(command, ErrorCodes.MountFailed) : MemoryBus.Succeeded(command), "a", "b"),
        ["rollout-failed-to-register.v1"] = () => RolloutAsync(
            command => command.Kind == CommandKind.Register ? MemoryBus.Failed(command, ErrorCodes.RegistrationFailed) : MemoryBus.Succeeded(command),
            "a"),
        ["rollout-failed-without-answer.v1"] = () => RolloutAsync(command => command.Host == "b" ? null : MemoryBus.Succeeded(command), "a", "b"),
        ["rollout-failed-bus-away.v1"] = () => RolloutAsync(
            MemoryBus.Succeeded, host => host.Faults.Refuses = call => call == "bus.send" ? new IOException("The bus is away.") : null, "a"),
    };

    public static TheoryData<string> Outcomes => [.. Recorders.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task KeptHistory_ReplaysAgainstTodaysOrchestrator(string name)
    {
        var path = Path.Combine(HistoryFile.Folder, name + ".json");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("APPATTACH_RECORD_HISTORIES") is not null)
        {
            await File.WriteAllTextAsync(path, await Recorders[name]());
        }

        var (orchestrator, instanceId, history) = HistoryFile.Read(await File.ReadAllTextAsync(path));

        AssertReplays(orchestrator, instanceId, history);
    }

    [Fact]
    public void EveryKeptFile_IsReplayed() => Assert.Equal(
        Recorders.Keys.Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(HistoryFile.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public async Task HistoryThatIsNotTheOrchestrators_IsFoundOut()
    {
        var (orchestrator, instanceId, history) =
            HistoryFile.Read(await File.ReadAllTextAsync(Path.Combine(HistoryFile.Folder, "rollout-completed.v1.json")));
        var register = history.FindIndex(entry => entry.Payload?.Contains("\"kind\":\"register\"", StringComparison.Ordinal) == true
            && entry.Kind == HistoryEventKind.ActivityScheduled);
        history[register] = history[register] with { Name = nameof(BeginRolloutActivity) };

        Assert.Throws<NonDeterministicOrchestrationException>(() => AssertReplays(orchestrator, instanceId, history));
    }

    private static string StateIn(string result) => JsonNode.Parse(result)!["state"]!.GetValue<string>();

    /// <summary>
    /// Replays all but the last step, then takes that step anew: it must do what was recorded and end in the same state. Compared as
    /// the engine does outside of tests: the wording of a sentence may change, what is called in which order may not.
    /// </summary>
    private static void AssertReplays(string orchestrator, string instanceId, List<HistoryEvent> history)
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var lastStep = history.FindLastIndex(entry => entry.Kind == HistoryEventKind.StepStarted);
        var last = HistoryStep.Split(history[lastStep..]).Single();
        var end = last.Incoming[^1];
        Assert.Equal(HistoryEventKind.OrchestratorCompleted, end.Kind);

        var instance = new InstanceRow(
            instanceId, "0", orchestrator, OrchestrationState.Running, CustomStatus: null, history[lastStep].At, history.Count);
        var run = new OrchestratorRun(
            EngineTasks.From(services).Orchestrator(orchestrator), instance, NullLoggerFactory.Instance, compareStrictly: false, () => { });
        if (run.Replay(history[..lastStep]) is { } obstacle)
        {
            throw obstacle;
        }

        var outcome = run.Advance(last.At, last.Incoming.Take(last.Incoming.Count - 1));
        Assert.Null(outcome.Failure);
        Assert.True(outcome.IsCompleted);
        Assert.Equal(last.Actions.Count, outcome.Actions.Count);
        Assert.All(last.Actions.Zip(outcome.Actions), pair => Assert.True(pair.First.IsSameAction(pair.Second, strictly: false)));
        Assert.Equal(StateIn(end.Payload!), StateIn(outcome.Output!));
    }

    private static async Task<string> PublishAsync(Action<PipelineTestHost> prepare, string? corpusPackage = null, string regions = "east west")
    {
        await using var host = new PipelineTestHost(regions.Split(' '));
        await host.StartAsync();
        prepare(host);
        await host.PublishAsync(
            "sample.msix", corpusPackage is null ? Packages.Sample() : await File.ReadAllBytesAsync(PackageCorpus.PathOf(corpusPackage)));
        return Export(host, host.Catalog.All<PackageRecord>(DocumentKinds.Packages).Single().Id);
    }

    private static Task<string> RolloutAsync(Func<HostCommand, CommandOutcome?> answers, params string[] hosts) =>
        RolloutAsync(answers, _ => { }, hosts);

    private static async Task<string> RolloutAsync(
        Func<HostCommand, CommandOutcome?> answers, Action<PipelineTestHost> prepare, params string[] hosts)
    {
        await using var host = await Rollouts.HostAsync(hosts);
        host.Bus.Answers = answers;
        prepare(host);
        await Rollouts.RunAsync(host);
        return Export(host, Rollouts.Input.ToInstanceId());
    }

    private static string Export(PipelineTestHost host, string instanceId) =>
        HistoryFile.Write(host.Engine.Get(instanceId)!.Name, instanceId, host.Engine.ReadHistory(instanceId));
}

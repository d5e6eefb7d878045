using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Orchestration;
using Microsoft.Extensions.Logging;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>The first code runs up to its wait for "go"; then the engine is opened anew with the second code, and "go" comes.</summary>
public sealed class EngineDivergenceTests
{
    private static readonly DateTime Due = new(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string, string, string, string> Changes => new()
    {
        { "activity Echo", "activity Other", "activity Echo as task 0", "activity Other as task 0" },
        { "activity Echo", "timer", "activity Echo as task 0", "a timer as task 0 due at 2026-04-01T00:00:00" },
        { "activity Echo", "child", "activity Echo as task 0", "sub-orchestration Child (child) as task 0" },
        { "activity Echo", "nothing", "activity Echo as task 0", "nothing more" },
        { "timer", "activity Echo", "a timer as task 0", "activity Echo as task 0" },
        { "timer", "cancelled timer", "nothing more", "the cancellation of timer 0" },
        { "cancelled timer", "timer", "the cancellation of timer 0", "nothing more" },
        { "child", "niece", "sub-orchestration Child (child) as task 0", "sub-orchestration Niece (child) as task 0" },
        { "child", "other child", "sub-orchestration Child (child) as task 0", "sub-orchestration Child (other) as task 0" },
        { "nothing", "activity Echo", "nothing more", "activity Echo as task 0" },
        { "nothing", "return", "a wait for something to come", "its return" },
        { "nothing", "failure", "a wait for something to come", "its failure" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task ReplayDoesSomethingElse_InstanceFailsAndBothSidesAreNamed(string first, string second, string history, string code)
    {
        using var logs = new RecordingLoggerFactory();
        await using var host = new EngineTestHost(new EngineOptions()) { Registry = RegistryFor(first), Loggers = logs };
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "waiting");
        await host.DropAsync();

        host.Registry = RegistryFor(second);
        await host.StartAsync();
        await host.Client.RaiseEventAsync("a", "go", 1, CancellationToken.None);
        var end = await host.EndAsync("a");

        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, end.ErrorType);
        Assert.Contains("Main (a) leaves its history at step 1", end.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains($"the history has {history}", end.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains($"the code did {code}", end.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(logs.Entries, entry => entry is { Level: LogLevel.Error, Id: 2004 });
    }

    [Theory]
    [InlineData("activity Echo")]
    [InlineData("timer")]
    [InlineData("cancelled timer")]
    [InlineData("child")]
    [InlineData("nothing")]
    public async Task ReplayDoesTheSame_InstanceCompletes(string code)
    {
        await using var host = new EngineTestHost(new EngineOptions()) { Registry = RegistryFor(code) };
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "waiting");
        await host.DropAsync();

        host.Registry = RegistryFor(code);
        await host.StartAsync();
        await host.Client.RaiseEventAsync("a", "go", 1, CancellationToken.None);
        Assert.Equal("1", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task InputChangesFromRunToRun_StrictReplayFindsIt()
    {
        await using var host = new EngineTestHost(new EngineOptions { ReplayEveryStep = true });
        host.AddActivity<Guid, Guid>("Echo", (input, _) => Task.FromResult(input));
        host.AddOrchestrator<int, Guid>("Main", (context, _) => context.CallActivityAsync<Guid>("Echo", Guid.NewGuid()));
        await host.StartAsync();
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, (await host.RunAsync("Main", "a", 0)).ErrorType);
    }

    [Fact]
    public async Task OrchestratorSwallowsTheDivergence_InstanceFailsAllTheSame()
    {
        var isChanged = false;
        await using var host = new EngineTestHost(new EngineOptions { ReplayEveryStep = true });
        host.AddActivity<int, int>("Echo", (input, _) => Task.FromResult(input));
        host.AddOrchestrator<int, int>("Main", async (context, _) =>
        {
            try
            {
                var name = isChanged ? "Other" : "Echo";
                isChanged = true;
                return await context.CallActivityAsync<int>(name, 1);
            }
#pragma warning disable CA1031 // The very mistake that the test is about.
            catch (Exception)
#pragma warning restore CA1031
            {
                return -1;
            }
        });
        await host.StartAsync();
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, (await host.RunAsync("Main", "a", 0)).ErrorType);
    }

    private static OrchestrationRegistry RegistryFor(string code)
    {
        var registry = new OrchestrationRegistry();
        foreach (var activity in (string[])["Echo", "Other"])
        {
            registry.AddActivity(activity, () => new DelegateActivity<int, int>((_, stopping) => NeverAsync(stopping)));
        }

        foreach (var child in (string[])["Child", "Niece"])
        {
            registry.AddOrchestrator(child, () => new DelegateOrchestrator<int, int>(
                (context, _) => context.WaitForExternalEvent<int>("never", Timeout.InfiniteTimeSpan)));
        }

        return registry.AddOrchestrator("Main", () => new DelegateOrchestrator<int, int>((context, _) => MainAsync(context, code)));
    }

    private static async Task<int> NeverAsync(CancellationToken stopping)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, stopping);
        return 0;
    }

    private static async Task<int> MainAsync(OrchestrationContext context, string code)
    {
        using var source = new CancellationTokenSource();
        switch (code)
        {
            case "activity Echo":
            case "activity Other":
                _ = context.CallActivityAsync<int>(code[9..], 1);
                break;
            case "timer":
                _ = context.CreateTimer(Due, CancellationToken.None);
                break;
            case "cancelled timer":
                _ = context.CreateTimer(Due, source.Token);
                source.Cancel();
                break;
            case "child":
            case "niece":
                _ = context.CallSubOrchestratorAsync<int>(code == "child" ? "Child" : "Niece", "child", 1);
                break;
            case "other child":
                _ = context.CallSubOrchestratorAsync<int>("Child", "other", 1);
                break;
            case "return":
                return 0;
            case "failure":
                throw new InvalidDataException("Changed my mind.");
        }

        context.SetCustomStatus("waiting");
        return await context.WaitForExternalEvent<int>("go", Timeout.InfiniteTimeSpan);
    }
}

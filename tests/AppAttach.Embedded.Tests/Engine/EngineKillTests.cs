using System.Collections.Concurrent;
using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>One orchestration that uses everything, killed around each transaction in turn, ends each time as if it had never been.</summary>
public sealed class EngineKillTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task KilledAroundAnyTransaction_EndsWithTheSameResultAndEffects(bool afterCommit, bool replayEveryStep)
    {
        var transaction = 0;
        bool wasKilled;
        do
        {
            transaction++;
            wasKilled = await RunAsync(transaction, afterCommit, replayEveryStep);
        }
        while (wasKilled);

        // Starts, an event, and one step at least for each thing that comes in: fewer would mean that nothing was tested.
        Assert.InRange(transaction, 15, 100);
    }

    private static async Task<bool> RunAsync(int transaction, bool afterCommit, bool replayEveryStep)
    {
        var kill = new KillAt(transaction, afterCommit);
        var effects = new ConcurrentDictionary<string, int>();
        await using var host = new EngineTestHost(
            new EngineOptions { ReplayEveryStep = replayEveryStep, TransactionObserver = kill },
            new ManualTimeProvider { JumpsToTimers = true });
        Register(host, effects);

        var wasKilled = !await DriveAsync(host, kill);
        if (wasKilled)
        {
            await host.DropAsync();
            host.Options = host.Options with { TransactionObserver = null };
            await host.StartAsync();
            await TellAsync(host);
        }

        Assert.Equal(new OrchestrationEnd("\"1 22 true 3 5\"", null, null), await host.EndAsync("a"));
        Assert.Equal(["child-0", "child-1", "first", "flaky"], effects.Keys.Order());
        Assert.Equal("5", host.Engine.Get("a-child-1")!.Output);
        return wasKilled;
    }

    private static async Task<bool> DriveAsync(EngineTestHost host, KillAt kill)
    {
        try
        {
            await host.StartAsync();
            await TellAsync(host);
        }
        catch (IOException)
        {
            return false;
        }

        var ended = host.Engine.WaitForCompletionAsync("a", TestContext.Current.CancellationToken);
        return await Task.WhenAny(ended, kill.Killed) == ended;
    }

    /// <summary>What a client does, and does again when it cannot know whether it got through.</summary>
    private static async Task TellAsync(EngineTestHost host)
    {
        await host.Client.StartAsync("Main", "a", 1, CancellationToken.None);
        await host.Client.RaiseEventAsync("a", "go", true, CancellationToken.None);
    }

    private static void Register(EngineTestHost host, ConcurrentDictionary<string, int> effects)
    {
        host.AddActivity<string, int>("Do", (key, _) =>
        {
            var runs = effects.AddOrUpdate(key, 1, (_, before) => before + 1);
            return key == "flaky" && runs == 1 ? throw new IOException("Busy.") : Task.FromResult(key.Length);
        });
        host.AddOrchestrator<int, int>("Child", async (context, number) =>
        {
            await context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), CancellationToken.None);
            return await context.CallActivityAsync<int>("Do", $"child-{number}") == 7 ? number + 4 : -1;
        });
        host.AddOrchestrator<int, string>("Main", async (context, input) =>
        {
            if (input == 1)
            {
                await context.CallActivityAsync<int>("Do", "first");
                context.ContinueAsNew(22);
                return "";
            }

            var isGo = await context.WaitForExternalEvent<bool>("go", Timeout.InfiniteTimeSpan);
            var flaky = await context.CallActivityAsync<int>("Do", "flaky", new TaskOptions(new RetryPolicy(9, TimeSpan.FromMinutes(5))));
            var children = await Task.WhenAll(
                Enumerable.Range(0, 2).Select(number => context.CallSubOrchestratorAsync<int>("Child", $"a-child-{number}", number)));
            return $"1 {input} {(isGo ? "true" : "false")} {flaky - 2} {children[1]}";
        });
    }
}

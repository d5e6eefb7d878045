using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Tests.Engine;

public sealed class OrchestrationEngineTests
{
    [Fact]
    public async Task OrchestratorAwaitsSomethingForeign_InstanceFails()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, int>("Main", async (_, _) => await new TaskCompletionSource<int>().Task);
        await host.StartAsync();
        var end = await host.RunAsync("Main", "a", 0);
        Assert.Equal(typeof(ForeignTaskException).FullName, end.ErrorType);
        Assert.Equal("Main (a) awaits something that is not a task of its context.", end.ErrorMessage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ForeignTaskCompletesWhileATimerIsOpen_InstanceFails(bool replayEveryStep)
    {
        await using var host = new EngineTestHost(new EngineOptions { ReplayEveryStep = replayEveryStep });
        var foreign = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.AddOrchestrator<int, int>("Main", async (context, input) =>
        {
            _ = context.CreateTimer(context.CurrentUtcDateTime.AddDays(1), CancellationToken.None);
            context.SetCustomStatus("waiting");
            return await foreign.Task;
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "waiting");
        foreign.SetResult(1);
        Assert.Equal(typeof(ForeignTaskException).FullName, (await host.EndAsync("a")).ErrorType);
    }

    [Fact]
    public async Task OrchestratorUnknown_InstanceFailsAndNamesIt()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        await host.StartAsync();
        var end = await host.RunAsync("Main", "a", 0);
        Assert.Equal(new OrchestrationEnd(null, typeof(UnknownTaskException).FullName, "No orchestrator is registered under the name Main."), end);
    }

    [Fact]
    public async Task ActivityUnknown_FailsAtOnceDespiteARetryPolicy()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, int>("Main", (context, _) =>
            context.CallActivityAsync<int>("Missing", 0, new TaskOptions(new RetryPolicy(5, TimeSpan.FromHours(1)))));
        await host.StartAsync();
        Assert.Equal("Missing failed: No activity is registered under the name Missing.", (await host.RunAsync("Main", "a", 0)).ErrorMessage);
    }

    [Fact]
    public async Task EngineStopsDuringAnActivity_ItRunsAgainAtTheNextStart()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        host.AddActivity<int, int>("Slow", async (_, stopping) =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stopping);
            }

            return runs;
        });
        host.AddOrchestrator<int, int>("Main", (context, _) => context.CallActivityAsync<int>("Slow", 0));
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await begun.Task;
        await host.Engine.StopAsync(CancellationToken.None);
        Assert.Equal(OrchestrationState.Running, host.Engine.Get("a")!.State);
        await host.DropAsync();
        await host.StartAsync();
        Assert.Equal("2", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task ActivitiesAreMany_NoMoreThanTheLimitRunAtOnce()
    {
        await using var host = new EngineTestHost(new EngineOptions { MaxConcurrentActivities = 3 });
        var (running, most) = (0, 0);
        using var all = new CountdownEvent(3);
        host.AddActivity<int, int>("Count", (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            if (!all.IsSet)
            {
                // The first three wait for each other, which proves that they run at once.
                all.Signal();
                all.Wait();
            }

            Interlocked.Decrement(ref running);
            return Task.FromResult(0);
        });
        host.AddOrchestrator<int, int>("Main", async (context, _) =>
            (await Task.WhenAll(Enumerable.Range(0, 30).Select(number => context.CallActivityAsync<int>("Count", number)))).Length);
        await host.StartAsync();
        Assert.Equal("30", (await host.RunAsync("Main", "a", 0)).Output);
        Assert.Equal(3, most);
    }

    [Theory]
    [InlineData(1, "\"timeout\"")]
    [InlineData(-1, "\"event\"")]
    public async Task TimerAndEventFoundTogetherAfterRestart_TheEarlierOneDecides(int eventMinutesAfterTimer, string expected)
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            try
            {
                return await context.WaitForExternalEvent<string>("go", TimeSpan.FromHours(1));
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "waiting");
        await host.DropAsync();

        // An engine that has not been started keeps the event, and lets no timer fire.
        host.Advance(TimeSpan.FromMinutes(60 + eventMinutesAfterTimer));
        await host.Client.RaiseEventAsync("a", "go", "event", CancellationToken.None);
        host.Advance(TimeSpan.FromHours(1));
        await host.StartAsync();
        Assert.Equal(expected, (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task RetryInterruptedByRestart_AttemptsGoOnCounting()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        var runs = 0;
        host.AddActivity<int, int>("Broken", (_, _) => throw new IOException($"Run {Interlocked.Increment(ref runs)}."));
        host.AddOrchestrator<int, int>("Main", (context, _) =>
            context.CallActivityAsync<int>("Broken", 0, new TaskOptions(new RetryPolicy(2, TimeSpan.FromHours(1)))));
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilHistoryAsync("a", history => history.Any(entry => entry.Kind == HistoryEventKind.TimerCreated));
        await host.DropAsync();
        host.Advance(TimeSpan.FromHours(1));
        await host.StartAsync();
        Assert.Equal("Broken failed: Run 2.", (await host.EndAsync("a")).ErrorMessage);
        Assert.Equal([1, 2], host.Engine.ReadHistory("a").Where(entry => entry.Kind == HistoryEventKind.ActivityScheduled).Select(entry => entry.Attempt!.Value));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ThousandEventsRaised_AllAreTakenInOrder(bool oneByOne)
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, bool>("Main", async (context, count) =>
        {
            for (var number = 0; number < count; number++)
            {
                if (await context.WaitForExternalEvent<int>("number", TimeSpan.FromDays(1)) != number)
                {
                    return false;
                }
            }

            return true;
        });
        await host.Client.StartAsync("Main", "a", 1_001, CancellationToken.None);
        if (oneByOne)
        {
            await host.StartAsync();
        }

        for (var number = 0; number < 1_001; number++)
        {
            await host.Client.RaiseEventAsync("a", "number", number, CancellationToken.None);
        }

        if (!oneByOne)
        {
            await host.StartAsync();
        }

        Assert.Equal("true", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task LiveInstancesBeyondTheLimit_AreReplayedInstead()
    {
        await using var host = new EngineTestHost(new EngineOptions { MaxLiveInstances = 1 });
        host.AddOrchestrator<int, int>("Main", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<int>("a", Timeout.InfiniteTimeSpan)
                + await context.WaitForExternalEvent<int>("b", Timeout.InfiniteTimeSpan);
        });
        await host.StartAsync();
        foreach (var id in (string[])["x", "y", "z"])
        {
            await host.Client.StartAsync("Main", id, 0, CancellationToken.None);
            await host.UntilCustomStatusAsync(id, "waiting");
        }

        foreach (var name in (string[])["a", "b"])
        {
            foreach (var id in (string[])["x", "y", "z"])
            {
                await host.Client.RaiseEventAsync(id, name, 1, CancellationToken.None);
            }
        }

        foreach (var id in (string[])["x", "y", "z"])
        {
            Assert.Equal("2", (await host.EndAsync(id)).Output);
        }
    }

    [Fact]
    public async Task SubOrchestrationRunsUnderAnotherName_CallFails()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, int>("Other", (context, _) => context.WaitForExternalEvent<int>("never", Timeout.InfiniteTimeSpan));
        host.AddOrchestrator<int, int>("Main", (context, _) => context.CallSubOrchestratorAsync<int>("Child", "taken", 0));
        await host.StartAsync();
        await host.Client.StartAsync("Other", "taken", 0, CancellationToken.None);
        Assert.Equal(
            "Child failed: The instance taken runs already, as Other and not as Child.", (await host.RunAsync("Main", "a", 0)).ErrorMessage);
    }

    [Fact]
    public async Task SubOrchestrationRunsAlready_ParentsShareIt()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, int>("Child", (context, _) => context.WaitForExternalEvent<int>("go", Timeout.InfiniteTimeSpan));
        host.AddOrchestrator<int, int>("Main", (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return context.CallSubOrchestratorAsync<int>("Child", "child", 0);
        });
        await host.StartAsync();
        foreach (var id in (string[])["a", "b"])
        {
            await host.Client.StartAsync("Main", id, 0, CancellationToken.None);
            await host.UntilCustomStatusAsync(id, "waiting");
        }

        await host.Client.RaiseEventAsync("child", "go", 5, CancellationToken.None);
        Assert.Equal("5", (await host.EndAsync("a")).Output);
        Assert.Equal("5", (await host.EndAsync("b")).Output);
    }

    [Fact]
    public async Task InstancesEnded_PurgeTakesThoseBeforeTheTimeOnly()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, int>("Quick", (_, input) => Task.FromResult(input));
        host.AddOrchestrator<int, int>("Long", (context, _) => context.WaitForExternalEvent<int>("go", Timeout.InfiniteTimeSpan));
        await host.StartAsync();
        await host.Client.StartAsync("Long", "long", 0, CancellationToken.None);
        await host.RunAsync("Quick", "old", 1);
        host.Advance(TimeSpan.FromHours(1));
        var between = host.Now;
        await host.RunAsync("Quick", "new", 2);
        Assert.Equal(1, await host.Engine.PurgeAsync(between, CancellationToken.None));
        Assert.Equal(["long", "new"], host.Engine.List().Select(status => status.InstanceId));
        Assert.Empty(host.Engine.ReadHistory("old"));
        Assert.True(await host.Client.StartAsync("Quick", "old", 3, CancellationToken.None));
        Assert.Equal("3", (await host.EndAsync("old")).Output);
    }

    [Fact]
    public async Task StatusRead_HasAllThatIsKnown()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        host.AddOrchestrator<int, string>("Main", (context, _) =>
        {
            context.SetCustomStatus("copying");
            return Task.FromResult("done");
        });
        await host.StartAsync();
        await host.RunAsync("Main", "a", 7);
        Assert.Equal(
            new OrchestrationStatus("a", "Main", OrchestrationState.Completed, host.Now, host.Now, "7", "\"done\"", "\"copying\"", null),
            host.Engine.Get("a"));
        Assert.Null(host.Engine.Get("b"));
    }

    [Fact]
    public async Task LoggerOfTheContext_IsSilentDuringReplay()
    {
        using var logs = new RecordingLoggerFactory();
        await using var host = new EngineTestHost(new EngineOptions { ReplayEveryStep = true }) { Loggers = logs };
        host.AddActivity<int, int>("Echo", (input, _) => Task.FromResult(input));
        host.AddOrchestrator<int, int>("Main", async (context, _) =>
        {
            var logger = context.CreateReplaySafeLogger<OrchestrationEngineTests>();
            logger.Log(Microsoft.Extensions.Logging.LogLevel.Information, 1, "first", null, (state, _) => state);
            await context.CallActivityAsync<int>("Echo", 1);
            await context.CallActivityAsync<int>("Echo", 2);
            logger.Log(Microsoft.Extensions.Logging.LogLevel.Information, 1, "last", null, (state, _) => state);
            return 0;
        });
        await host.StartAsync();
        await host.RunAsync("Main", "a", 0);
        Assert.Equal(["first", "last"], logs.Entries.Where(entry => entry.Id == 1).Select(entry => entry.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    public async Task InstanceIdNotAllowed_IsRefused(string instanceId)
    {
        await using var host = new EngineTestHost(new EngineOptions());
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.StartAsync("Main", instanceId, 0, CancellationToken.None));
    }

    [Fact]
    public async Task InstanceId_MayHave100CharactersAndNotOneMore()
    {
        await using var host = new EngineTestHost(new EngineOptions());
        Assert.True(await host.Client.StartAsync("Main", new string('a', 100), 0, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.StartAsync("Main", new string('a', 101), 0, CancellationToken.None));
    }
}

using System.Text.Json;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>What every implementation of <see cref="OrchestrationContext"/> has to do, whatever runs it.</summary>
public abstract class OrchestrationContextConformanceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Makes a host that has nothing in it.</summary>
    /// <param name="clockJumps">Whether its clock jumps to each timer as soon as it is armed; else the test moves it.</param>
    protected abstract IOrchestrationTestHost CreateHost(bool clockJumps = false);

    [Fact]
    public async Task ActivityCalled_GivesItsResult()
    {
        await using var host = CreateHost();
        host.AddActivity<int, int>("Double", (input, _) => Task.FromResult(input * 2));
        host.AddOrchestrator<int, int>("Main", async (context, input) =>
            await context.CallActivityAsync<int>("Double", await context.CallActivityAsync<int>("Double", input)));
        Assert.Equal("28", (await RunAsync(host, 7)).Output);
    }

    [Fact]
    public async Task ActivitiesFannedOut_ResultsKeepTheirOrder()
    {
        await using var host = CreateHost();
        host.AddActivity<int, int>("Double", async (input, _) =>
        {
            await Task.Yield();
            return input * 2;
        });
        host.AddOrchestrator<int, int[]>("Main", (context, count) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(number => context.CallActivityAsync<int>("Double", number))));
        var end = await RunAsync(host, 50);
        Assert.Equal(Enumerable.Range(0, 50).Select(number => number * 2), JsonSerializer.Deserialize<int[]>(end.Output!));
    }

    [Fact]
    public async Task ActivityThrows_OrchestratorSeesTypeAndMessage()
    {
        await using var host = CreateHost();
        host.AddActivity<int, int>("Fail", (_, _) => throw new InvalidDataException("Bad block."));
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            try
            {
                return $"{await context.CallActivityAsync<int>("Fail", 1)}";
            }
            catch (TaskFailedException exception)
            {
                return $"{exception.TaskName}|{exception.ErrorType}|{exception.ErrorMessage}";
            }
        });
        Assert.Equal("\"Fail|System.IO.InvalidDataException|Bad block.\"", (await RunAsync(host, 0)).Output);
    }

    [Fact]
    public async Task OrchestratorThrows_InstanceFailsWithTypeAndMessage()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, int>("Main", (_, _) => throw new InvalidDataException("No."));
        Assert.Equal(new OrchestrationEnd(null, "System.IO.InvalidDataException", "No."), await RunAsync(host, 0));
    }

    [Fact]
    public async Task ActivityFailsTwice_ThirdAttemptComesAfterGrowingIntervals()
    {
        await using var host = CreateHost(clockJumps: true);
        var attempts = 0;
        host.AddActivity<int, int>("Flaky", (_, _) =>
            Interlocked.Increment(ref attempts) < 3 ? throw new IOException("Busy.") : Task.FromResult(attempts));
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            var start = context.CurrentUtcDateTime;
            var result = await context.CallActivityAsync<int>("Flaky", 0, new TaskOptions(new RetryPolicy(3, TimeSpan.FromMinutes(1), 2.0)));
            return $"{result} after {(context.CurrentUtcDateTime - start).TotalMinutes} min";
        });
        Assert.Equal("\"3 after 3 min\"", (await RunAsync(host, 0)).Output);
    }

    [Fact]
    public async Task ActivityFailsEveryTime_LastAttemptsFailureIsThrown()
    {
        await using var host = CreateHost(clockJumps: true);
        var attempts = 0;
        host.AddActivity<int, int>("Broken", (_, _) => throw new IOException($"Attempt {Interlocked.Increment(ref attempts)}."));
        host.AddOrchestrator<int, int>("Main", (context, _) =>
            context.CallActivityAsync<int>("Broken", 0, new TaskOptions(new RetryPolicy(3, TimeSpan.FromDays(1), 3, TimeSpan.FromDays(2)))));
        var end = await RunAsync(host, 0);
        Assert.Equal("AppAttach.Pipeline.Orchestration.TaskFailedException", end.ErrorType);
        Assert.Equal("Broken failed: Attempt 3.", end.ErrorMessage);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task TimerMade_FiresAtItsTimeAndNotBefore()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, double>("Main", async (context, _) =>
        {
            var start = context.CurrentUtcDateTime;
            var shorter = context.CreateTimer(start + Hour, CancellationToken.None);
            var longer = context.CreateTimer(start + (2 * Hour), CancellationToken.None);
            context.SetCustomStatus("armed");
            var first = await Task.WhenAny(shorter, longer);
            var isShorterFirst = first == shorter && !longer.IsCompleted;
            context.SetCustomStatus("first");
            await longer;
            return isShorterFirst ? (context.CurrentUtcDateTime - start).TotalHours : -1;
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "armed");
        host.Advance(Hour);
        await host.UntilCustomStatusAsync("a", "first");
        host.Advance(Hour);
        Assert.Equal("2", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task TimerCancelled_AwaitThrowsAndTheInstanceEndsAtOnce()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            using var source = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime + Hour, source.Token);
            source.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException)
            {
                return "cancelled";
            }
        });
        Assert.Equal("\"cancelled\"", (await RunAsync(host, 0)).Output);
    }

    [Fact]
    public async Task EventComesEarlyInOtherCase_WaitTakesIt()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            context.SetCustomStatus("started");
            await context.WaitForExternalEvent<int>("go", Hour);
            return await context.WaitForExternalEvent<string>("OUTCOME", Hour);
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "started");
        await host.Client.RaiseEventAsync("a", "outcome", "staged", CancellationToken.None);
        await host.Client.RaiseEventAsync("a", "GO", 1, CancellationToken.None);
        Assert.Equal("\"staged\"", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task SeveralEventsOfOneName_EachCompletesOneWaitInOrder()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, int[]>("Main", async (context, count) =>
        {
            var first = context.WaitForExternalEvent<int>("number", Hour);
            var second = context.WaitForExternalEvent<int>("number", Hour);
            var numbers = new List<int> { await first, await second };
            while (numbers.Count < count)
            {
                numbers.Add(await context.WaitForExternalEvent<int>("Number", Hour));
            }

            return [.. numbers];
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 5, CancellationToken.None);
        for (var number = 0; number < 5; number++)
        {
            await host.Client.RaiseEventAsync("a", "number", number, CancellationToken.None);
        }

        Assert.Equal("[0,1,2,3,4]", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task WaitTimesOut_TaskIsCancelledAndALaterEventGoesToTheNextWait()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            context.SetCustomStatus("first");
            try
            {
                await context.WaitForExternalEvent<string>("outcome", Hour);
                return "no timeout";
            }
            catch (TaskCanceledException)
            {
                context.SetCustomStatus("second");
                return await context.WaitForExternalEvent<string>("outcome", Hour);
            }
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "first");
        host.Advance(Hour);
        await host.UntilCustomStatusAsync("a", "second");
        await host.Client.RaiseEventAsync("a", "outcome", "late", CancellationToken.None);
        Assert.Equal("\"late\"", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task WaitUnhandledTimesOut_InstanceFailsAsCancelled()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, string>("Main", (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent<string>("outcome", Hour);
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "waiting");
        host.Advance(Hour);
        Assert.Equal("System.Threading.Tasks.TaskCanceledException", (await host.EndAsync("a")).ErrorType);
    }

    [Fact]
    public async Task SubOrchestrationsFannedOut_ParentGetsResultsAndFailures()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, int>("Child", (context, input) =>
            input == 2 ? throw new InvalidDataException("Two.") : Task.FromResult(input * 10));
        host.AddOrchestrator<int, string>("Main", async (context, _) =>
        {
            var children = Enumerable.Range(0, 4).Select(number => context.CallSubOrchestratorAsync<int>("Child", $"a-{number}", number)).ToList();
            var results = new List<string>();
            foreach (var child in children)
            {
                try
                {
                    results.Add($"{await child}");
                }
                catch (TaskFailedException exception)
                {
                    results.Add($"{exception.TaskName}: {exception.ErrorType}: {exception.ErrorMessage}");
                }
            }

            return string.Join(", ", results);
        });
        Assert.Equal("\"0, 10, Child: System.IO.InvalidDataException: Two., 30\"", (await RunAsync(host, 0)).Output);
    }

    [Fact]
    public async Task SubOrchestrationFailsOnce_RetryStartsItAnew()
    {
        await using var host = CreateHost(clockJumps: true);
        var runs = 0;
        host.AddActivity<int, int>("Flaky", (_, _) => Interlocked.Increment(ref runs) < 2 ? throw new IOException("Busy.") : Task.FromResult(5));
        host.AddOrchestrator<int, int>("Child", (context, _) => context.CallActivityAsync<int>("Flaky", 0));
        host.AddOrchestrator<int, int>("Main", async (context, _) =>
            await context.CallSubOrchestratorAsync<int>("Child", "a-child", 0, new TaskOptions(new RetryPolicy(2, TimeSpan.FromMinutes(1)))));
        Assert.Equal("5", (await RunAsync(host, 0)).Output);
    }

    [Fact]
    public async Task ContinuedAsNew_EarlyEventsGoOnOnlyIfAsked()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, string>("Main", async (context, round) =>
        {
            if (round < 2)
            {
                await context.WaitForExternalEvent<int>("go", Hour);
                context.SetCustomStatus($"round {round}");
                context.ContinueAsNew(round + 1, preserveUnprocessedEvents: round == 0);
                return "not the result";
            }

            context.SetCustomStatus("last");
            try
            {
                return await context.WaitForExternalEvent<string>("kept", Hour);
            }
            catch (TaskCanceledException)
            {
                return "gone";
            }
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", 0, CancellationToken.None);
        await host.Client.RaiseEventAsync("a", "kept", "early", CancellationToken.None);
        await host.Client.RaiseEventAsync("a", "go", 0, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "round 0");
        await host.Client.RaiseEventAsync("a", "go", 1, CancellationToken.None);
        await host.UntilCustomStatusAsync("a", "last");
        host.Advance(Hour);
        Assert.Equal("\"gone\"", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task ContinuedAsNew_NextRunTakesEarlyEventsInOrder()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<List<int>, List<int>>("Main", async (context, seen) =>
        {
            if (seen.Count == 4)
            {
                return seen;
            }

            var number = await context.WaitForExternalEvent<int>("number", Hour);
            context.ContinueAsNew(new List<int>([.. seen, number]));
            return [];
        });
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", new List<int>(), CancellationToken.None);
        for (var number = 0; number < 4; number++)
        {
            await host.Client.RaiseEventAsync("a", "number", number, CancellationToken.None);
        }

        Assert.Equal("[0,1,2,3]", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task IdentifiersMade_AreDistinctAndTheSameInEveryReplay()
    {
        await using var host = CreateHost();
        host.AddActivity<Guid, Guid>("Echo", (input, _) => Task.FromResult(input));
        host.AddOrchestrator<int, bool>("Main", async (context, _) =>
        {
            var (first, second) = (context.NewGuid(), context.NewGuid());
            var echo = await context.CallActivityAsync<Guid>("Echo", first);
            return first != second && echo == first && await context.CallActivityAsync<Guid>("Echo", second) == second;
        });
        Assert.Equal("true", (await RunAsync(host, 0)).Output);
    }

    [Theory]
    [InlineData(8190, null)]
    [InlineData(8191, "System.ArgumentException")]
    public async Task CustomStatus_IsRefusedAbove16KilobytesOfUtf16(int length, string? errorType)
    {
        // The quotes around a text are two units more: 8190 + 2 = 16 KB.
        await using var host = CreateHost();
        host.AddOrchestrator<int, int>("Main", (context, _) =>
        {
            context.SetCustomStatus(new string('x', length));
            return Task.FromResult(1);
        });
        Assert.Equal(errorType, (await RunAsync(host, 0)).ErrorType);
    }

    [Fact]
    public async Task InstanceStartedTwice_RunsOnce()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, int>("Main", (_, input) => Task.FromResult(input));
        await host.StartAsync();
        Assert.True(await host.Client.StartAsync("Main", "a", 1, CancellationToken.None));
        Assert.Equal("1", (await host.EndAsync("a")).Output);
        Assert.False(await host.Client.StartAsync("Main", "a", 2, CancellationToken.None));
        Assert.Equal("1", (await host.EndAsync("a")).Output);
    }

    [Fact]
    public async Task EventForNobody_IsPassedOver()
    {
        await using var host = CreateHost();
        host.AddOrchestrator<int, int>("Main", (_, input) => Task.FromResult(input));
        await host.StartAsync();
        await host.Client.RaiseEventAsync("nobody", "go", 1, CancellationToken.None);
        await host.Client.StartAsync("Main", "a", 1, CancellationToken.None);
        await host.EndAsync("a");
        await host.Client.RaiseEventAsync("a", "go", 1, CancellationToken.None);
        Assert.Equal("1", (await host.EndAsync("a")).Output);
    }

    private static async Task<OrchestrationEnd> RunAsync(IOrchestrationTestHost host, object input)
    {
        await host.StartAsync();
        await host.Client.StartAsync("Main", "a", input, CancellationToken.None);
        return await host.EndAsync("a");
    }
}

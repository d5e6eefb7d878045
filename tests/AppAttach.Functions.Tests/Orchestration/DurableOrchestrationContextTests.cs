using AppAttach.Pipeline.Orchestration;
using Microsoft.Extensions.Logging;

namespace AppAttach.Functions.Tests.Orchestration;

public sealed class DurableOrchestrationContextTests
{
    [Fact]
    public void CallThatFailsTwice_IsRetriedByItsPolicy()
    {
        var calls = 0;
        var replay = new DurableReplay().Task<string>("flaky", text => ++calls < 3 ? throw new IOException("away") : text + "!");

        var result = replay.Run(
            new Scripted(context => context.CallActivityAsync<string>(
                "flaky", "hello", new TaskOptions(new RetryPolicy(3, TimeSpan.FromSeconds(2), 2, TimeSpan.FromSeconds(3))))),
            "");

        Assert.Equal("hello!", result);
        var start = new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
        Assert.Equal(
            [start.AddSeconds(2), start.AddSeconds(5)], replay.Actions.Where(action => action.FireAt is not null).Select(action => action.FireAt!.Value));
    }

    [Fact]
    public void CallWithoutRetry_FailsAsThePipelinesException()
    {
        var replay = new DurableReplay().Task<string>("broken", _ => throw new IOException("no such file"));

        var result = replay.Run(
            new Scripted(async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("broken", "x");
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName}|{e.ErrorType}|{e.ErrorMessage}";
                }
            }),
            "");

        Assert.Equal("broken|System.IO.IOException|no such file", result);
        Assert.Single(replay.Actions);
    }

    [Fact]
    public void SubOrchestration_GetsItsInstanceIdAndInput()
    {
        var replay = new DurableReplay().Task<string>("child", input => input + " done");

        var result = replay.Run(new Scripted(context => context.CallSubOrchestratorAsync<string>("child", "child-7", "work")), "");

        Assert.Equal("work done", result);
        Assert.Equal(("child", "child-7", "\"work\""), (replay.Actions[0].Name, replay.Actions[0].InstanceId, replay.Actions[0].Input));
    }

    [Fact]
    public void EventThatDoesNotCome_EndsTheWaitAsCancelled()
    {
        var replay = new DurableReplay();

        var result = replay.Run(
            new Scripted(async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<string>("news", TimeSpan.FromMinutes(5));
                }
                catch (TaskCanceledException)
                {
                    return $"gave up at {context.CurrentUtcDateTime:HH:mm}";
                }
            }),
            "");

        Assert.Equal("gave up at 12:05", result);
    }

    [Fact]
    public void WaitWithoutEnd_HasNoTimer()
    {
        var replay = new DurableReplay();

        var result = replay.Run(
            new Scripted(async context =>
            {
                var news = context.WaitForExternalEvent<string>("news", Timeout.InfiniteTimeSpan);
                await context.CreateTimer(context.CurrentUtcDateTime.AddDays(30), CancellationToken.None);
                return news.IsCompleted ? "over" : "still waiting";
            }),
            "");

        Assert.Equal("still waiting", result);
        Assert.Single(replay.Actions);
    }

    [Fact]
    public void EventsThatComeEarly_CompleteOneWaitEachInOrder()
    {
        var replay = new DurableReplay();
        replay.Raise("NEWS", "first");
        replay.Raise("news", "second");

        var result = replay.Run(
            new Scripted(async context =>
                await context.WaitForExternalEvent<string>("news", TimeSpan.FromMinutes(5)) + ","
                + await context.WaitForExternalEvent<string>("news", TimeSpan.FromMinutes(5))),
            "");

        Assert.Equal("first,second", result);
    }

    [Fact]
    public void TimerOfTheOrchestrator_FiresAtItsTime()
    {
        var result = new DurableReplay().Run(
            new Scripted(async context =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddHours(3), CancellationToken.None);
                return $"{context.CurrentUtcDateTime:HH:mm}";
            }),
            "");

        Assert.Equal("15:00", result);
    }

    [Fact]
    public void LogLines_AreWrittenOnceOverAllReplays()
    {
        var replay = new DurableReplay().Task<string>("work", text => text);

        replay.Run(
            new Scripted(async context =>
            {
                var logger = context.CreateReplaySafeLogger<Scripted>();
                Write(logger, "begun");
                await context.CallActivityAsync<string>("work", "a");
                Write(logger, "one");
                await context.CallActivityAsync<string>("work", "b");
                Write(logger, "two");
                return "";
            }),
            "");

        Assert.Equal(3, replay.Runs);
        Assert.Equal(["begun", "one", "two"], replay.LogLines);

        static void Write(ILogger logger, string text) => logger.Log(LogLevel.Information, default, text, null, (line, _) => line);
    }

    [Fact]
    public void IdentifiersStatusAndNewRun_PassThrough()
    {
        var replay = new DurableReplay();

        var result = replay.Run(
            new Scripted(context =>
            {
                context.SetCustomStatus(new { step = 2 });
                context.ContinueAsNew("next", preserveUnprocessedEvents: false);
                return Task.FromResult($"{context.InstanceId} {context.IsReplaying} {context.NewGuid() == context.NewGuid()}");
            }),
            "");

        Assert.Equal("instance-1 False False", result);
        Assert.Equal(["""{"step":2}"""], replay.Statuses);
        Assert.Equal(("next", false), replay.Continued);
    }

    private sealed class Scripted(Func<OrchestrationContext, Task<string>> script) : IOrchestrator<string, string>
    {
        public Task<string> RunAsync(OrchestrationContext context, string input) => script(context);
    }
}

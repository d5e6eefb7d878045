using AppAttach.Api.Changes;
using AppAttach.Api.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Web.Tests.Api;

/// <summary>The feed of changes where a host is not told of them, and where no answer may go on for long.</summary>
public sealed class ChangeFeedTests
{
    private static readonly ChangeFeedOptions Short = new() { LongestAnswer = TimeSpan.FromMilliseconds(700), LookEvery = TimeSpan.FromMilliseconds(20) };

    [Fact]
    public async Task WhatOthersChanged_IsFoundByLooking_AndAnAnswerEndsByItself()
    {
        var source = new Source();
        using var feed = new ChangeFeed(TimeProvider.System, Short, source, NullLogger<ChangeFeed>.Instance);
        var kinds = new List<string>();
        string? last = null;

        await foreach (var notice in feed.FollowAsync(null, TestContext.Current.CancellationToken))
        {
            source.Changes.Enqueue(("hosts", "host-1"));
            kinds.AddRange(notice.Data.Changes.Select(change => change.Kind));
            last = notice.EventId;
        }

        Assert.Contains("hosts", kinds);

        // Whoever comes again hears what happened in between, and no reset.
        source.Changes.Enqueue(("rollouts", "rollout-1"));
        var heard = new List<ChangeNotice>();
        await foreach (var notice in feed.FollowAsync(last, TestContext.Current.CancellationToken))
        {
            heard.Add(notice.Data);
        }

        Assert.DoesNotContain(heard, notice => notice.IsReset);
        Assert.Contains(heard, notice => notice.Changes.Any(change => change.Kind == "rollouts"));
    }

    [Fact]
    public async Task LookThatFails_EndsNothing()
    {
        var source = new Source { Failures = 2 };
        using var feed = new ChangeFeed(TimeProvider.System, Short, source, NullLogger<ChangeFeed>.Instance);
        source.Changes.Enqueue(("hosts", "host-1"));
        var heard = new List<ChangeNotice>();

        await foreach (var notice in feed.FollowAsync(null, TestContext.Current.CancellationToken))
        {
            heard.Add(notice.Data);
        }

        Assert.Contains(heard, notice => notice.Changes.Any(change => change.Kind == "hosts"));
    }

    private sealed class Source : IChangeSource
    {
        public Queue<(string Kind, string Key)> Changes { get; } = new();

        public int Failures { get; set; }

        public Task<IReadOnlyList<(string Kind, string Key)>> LookAsync(CancellationToken cancellationToken) =>
            Failures-- > 0
                ? throw new IOException("away")
                : Task.FromResult<IReadOnlyList<(string Kind, string Key)>>(Changes.TryDequeue(out var change) ? [change] : []);
    }
}

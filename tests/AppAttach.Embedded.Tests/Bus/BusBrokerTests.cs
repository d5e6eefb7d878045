using AppAttach.Embedded.Bus;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusBrokerTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly BrokerBench _bench = new();

    private BusBroker Broker => _bench.Broker;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task SentMessages_ComeInOrderEachToOneReceiver()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        await _bench.SendAsync("q", "two");

        var first = await _bench.TakeAsync("Q");
        Assert.Equal("one", BrokerBench.Text(first));
        Assert.Equal((1L, 1), (first!.SequenceNumber, first.DeliveryCount));
        Assert.Equal("two", await _bench.TakeTextAsync("q"));
        Assert.Null(await _bench.TakeAsync("q"));
    }

    [Fact]
    public async Task Completed_IsGoneAndItsTokenToo()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        var token = (await _bench.TakeAsync("q"))!.LockToken!.Value;
        await Broker.CompleteAsync("q", token);

        Assert.Empty(await Broker.PeekAsync("q", 10));
        await RefusedAsync(BusError.LockLost, () => Broker.CompleteAsync("q", token));
    }

    [Fact]
    public async Task LockOneTickBeforeItsEnd_Holds_AndAtItsEnd_IsLost()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        var token = (await _bench.TakeAsync("q"))!.LockToken!.Value;
        _bench.Clock.Advance(Minute - Tick);
        Assert.Null(await _bench.TakeAsync("q"));
        _bench.Clock.Advance(Tick);

        await RefusedAsync(BusError.LockLost, () => Broker.CompleteAsync("q", token));
        Assert.Equal(2, (await _bench.TakeAsync("q"))!.DeliveryCount);
    }

    [Fact]
    public async Task RenewedLock_HoldsOneDurationFromTheRenewal()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        var token = (await _bench.TakeAsync("q"))!.LockToken!.Value;
        _bench.Clock.Advance(Minute / 2);
        Assert.Equal(_bench.Clock.GetUtcNow() + Minute, await Broker.RenewAsync("q", token));
        _bench.Clock.Advance(Minute - Tick);
        Assert.Null(await _bench.TakeAsync("q"));

        await Broker.CompleteAsync("q", token);
    }

    [Fact]
    public async Task Abandoned_ComesAgainFirst()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        await _bench.SendAsync("q", "two");
        await Broker.AbandonAsync("q", (await _bench.TakeAsync("q"))!.LockToken!.Value);

        var again = await _bench.TakeAsync("q");
        Assert.Equal(("one", 2), (BrokerBench.Text(again), again!.DeliveryCount));
    }

    [Fact]
    public async Task AbandonedWithRest_ComesAfterTheRest()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        await Broker.AbandonAsync("q", (await _bench.TakeAsync("q"))!.LockToken!.Value, Minute);
        _bench.Clock.Advance(Minute - Tick);
        Assert.Null(await _bench.TakeAsync("q"));
        _bench.Clock.Advance(Tick);
        Assert.Equal("one", await _bench.TakeTextAsync("q"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeliveredAsOftenAsAllowed_GoesToTheDeadLetters(bool byLockExpiry)
    {
        await Broker.EnsureQueueAsync("q", new BusEntitySettings { MaxDeliveryCount = 2 });
        await _bench.SendAsync("q", "one");
        for (var i = 0; i < 2; i++)
        {
            var token = (await _bench.TakeAsync("q"))!.LockToken!.Value;
            Assert.Null(await _bench.TakeAsync("q/$deadletterqueue"));
            if (byLockExpiry)
            {
                _bench.Clock.Advance(Minute);
            }
            else
            {
                await Broker.AbandonAsync("q", token);
            }
        }

        Assert.Null(await _bench.TakeAsync("q"));
        var dead = await _bench.TakeAsync("q/$DeadLetterQueue");
        Assert.Equal("MaxDeliveryCountExceeded", dead!.Message.Properties["DeadLetterReason"]);
        Assert.Contains("2 times", (string)dead.Message.Properties["DeadLetterErrorDescription"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeadLetter_IsListedAndReplayedWithoutItsReason()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "one");
        await Broker.DeadLetterAsync("q", (await _bench.TakeAsync("q"))!.LockToken!.Value, "unknown-type", "Nobody knows it.");
        var dead = Assert.Single(await Broker.PeekAsync("q/$DeadLetterQueue", 10));
        Assert.Equal("unknown-type", dead.Message.Properties["DeadLetterReason"]);

        Assert.Equal(1, await Broker.ReplayDeadLettersAsync("q", [dead.SequenceNumber, 99], "admin"));
        Assert.Empty(await Broker.PeekAsync("q/$DeadLetterQueue", 10));
        var again = await _bench.TakeAsync("q");
        Assert.Equal((1, 0), (again!.DeliveryCount, again.Message.Properties.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LifeOver_MessageVanishesOrIsDeadLettered(bool deadLetter)
    {
        await Broker.EnsureQueueAsync("q", new BusEntitySettings { DefaultTimeToLive = Minute, DeadLetterOnExpiry = deadLetter });
        await _bench.SendAsync("q", "short", message => message with { TimeToLive = Minute / 2 });
        await _bench.SendAsync("q", "long", message => message with { TimeToLive = Minute * 2 });
        _bench.Clock.Advance((Minute / 2) - Tick);
        Assert.Equal(2, (await Broker.PeekAsync("q", 10)).Count);
        _bench.Clock.Advance(Tick);
        Assert.Equal("long", BrokerBench.Text(Assert.Single(await Broker.PeekAsync("q", 10))));
        _bench.Clock.Advance(Minute / 2);

        Assert.Null(await _bench.TakeAsync("q"));
        var dead = await Broker.PeekAsync("q/$DeadLetterQueue", 10);
        Assert.Equal(deadLetter ? 2 : 0, dead.Count);
        Assert.All(dead, message => Assert.Equal("TTLExpiredException", message.Message.Properties["DeadLetterReason"]));
    }

    [Fact]
    public async Task Scheduled_AppearsAtItsTimeBehindWhatCameBefore()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "later", message => message with { ScheduledEnqueueTime = _bench.Clock.GetUtcNow() + Minute });
        await _bench.SendAsync("q", "now");
        _bench.Clock.Advance(Minute - Tick);
        Assert.Equal(1, (await Broker.PeekAsync("q", 10)).Count(message => message.EnqueuedTime <= _bench.Clock.GetUtcNow()));
        _bench.Clock.Advance(Tick);

        Assert.Equal("now", await _bench.TakeTextAsync("q"));
        Assert.Equal("later", await _bench.TakeTextAsync("q"));
    }

    [Fact]
    public async Task Subscriptions_GetWhatTheirRulesMatchOnce()
    {
        await Broker.EnsureTopicAsync("t", new BusEntitySettings());
        await SubscribeAsync("a", BusFilter.OnProperty("host", "A"), new BusFilter { Label = "all" });
        await SubscribeAsync("b", BusFilter.OnProperty("HOST", "B"));
        await SubscribeAsync("to", new BusFilter { To = "x" });
        await SubscribeAsync("both", new BusFilter { CorrelationId = "c", Label = "all" });
        await SubscribeAsync("every", BusFilter.All);
        await SubscribeAsync("none");
        await _bench.SendAsync("t", "1", message => message with { Label = "all", Properties = Host("A") });
        await _bench.SendAsync("t", "2", message => message with { To = "x", Properties = Host("a") });
        await _bench.SendAsync("t", "3", message => message with { Label = "all", CorrelationId = "c" });

        Assert.Equal(
            ["a:1", "a:3", "both:3", "every:1", "every:2", "every:3", "to:2"],
            await ContentsAsync("a", "b", "both", "every", "none", "to"));
    }

    [Fact]
    public async Task SubscriptionDeleted_WaitingReceiverIsTold()
    {
        await Broker.EnsureTopicAsync("t", new BusEntitySettings());
        await SubscribeAsync("a", BusFilter.All);
        var waiting = await _bench.WaitAtAsync("t/subscriptions/a", Minute);
        Assert.True(await Broker.DeleteSubscriptionAsync("t", "a"));

        await RefusedAsync(BusError.EntityUnknown, () => waiting);
        Assert.False(await Broker.DeleteSubscriptionAsync("t", "a"));
    }

    [Fact]
    public async Task SameIdWithinTheWindow_IsDroppedAndAfterItTaken()
    {
        await Broker.EnsureQueueAsync("q", new BusEntitySettings { DuplicateDetectionWindow = Minute });
        await _bench.SendAsync("q", "1", message => message with { MessageId = "id" });
        _bench.Clock.Advance(Minute - Tick);
        await _bench.SendAsync("q", "2", message => message with { MessageId = "id" });
        Assert.Single(await Broker.PeekAsync("q", 10));
        _bench.Clock.Advance(Tick);
        await _bench.SendAsync("q", "3", message => message with { MessageId = "id" });
        Assert.Equal(2, (await Broker.PeekAsync("q", 10)).Count);
    }

    [Fact]
    public async Task WaitingReceiver_WakesAtSendUnlockLockEndAndSchedule()
    {
        await QueueAsync();
        var bySend = await _bench.WaitAtAsync("q", Minute * 10);
        await _bench.SendAsync("q", "one");
        var token = (await bySend)!.LockToken!.Value;

        var byUnlock = await _bench.WaitAtAsync("q", Minute * 10);
        await Broker.AbandonAsync("q", token);
        Assert.Equal(2, (await byUnlock)!.DeliveryCount);

        var byLockEnd = await _bench.WaitAtAsync("q", Minute * 10);
        _bench.Clock.Advance(Minute + TimeSpan.FromMilliseconds(1));
        await Broker.CompleteAsync("q", (await byLockEnd)!.LockToken!.Value);

        await _bench.SendAsync("q", "two", message => message with { ScheduledEnqueueTime = _bench.Clock.GetUtcNow() + Minute });
        var bySchedule = await _bench.WaitAtAsync("q", Minute * 10);
        _bench.Clock.Advance(Minute + TimeSpan.FromMilliseconds(1));
        Assert.Equal("two", BrokerBench.Text(await bySchedule));
    }

    [Fact]
    public async Task WaitingAtDeadLetters_WakesWhenTheLastLockEnds()
    {
        await Broker.EnsureQueueAsync("q", new BusEntitySettings { MaxDeliveryCount = 1 });
        await _bench.SendAsync("q", "one");
        var waiting = await _bench.WaitAtAsync("q/$DeadLetterQueue", Minute * 10);
        var timers = _bench.Clock.TimersSet;
        Assert.NotNull(await _bench.TakeAsync("q"));
        await _bench.TimersSetAsync(timers + 1);
        _bench.Clock.Advance(Minute + TimeSpan.FromMilliseconds(1));
        Assert.Equal("one", BrokerBench.Text(await waiting));
    }

    [Fact]
    public async Task NothingComes_ReceiveEndsAtItsTimeout()
    {
        await QueueAsync();
        var waiting = await _bench.WaitAtAsync("q", Minute);
        _bench.Clock.Advance(Minute - Tick);
        Assert.False(waiting.IsCompleted);
        _bench.Clock.Advance(Tick);
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task CancelledWait_LocksNothing()
    {
        await QueueAsync();
        using var gone = new CancellationTokenSource();
        var waiting = await _bench.WaitAtAsync("q", Minute, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _bench.SendAsync("q", "one");
        Assert.Equal(1, (await _bench.TakeAsync("q"))!.DeliveryCount);
    }

    [Fact]
    public async Task Reopened_MessagesLocksAndCountsAreAsTheyWere()
    {
        await QueueAsync();
        await _bench.SendAsync("q", "held");
        await _bench.SendAsync("q", "free");
        var token = (await _bench.TakeAsync("q"))!.LockToken!.Value;
        _bench.Reopen();
        Assert.Equal("free", await _bench.TakeTextAsync("q"));
        await Broker.CompleteAsync("q", token);
        _bench.Reopen();
        _bench.Clock.Advance(Minute);
        var again = await _bench.TakeAsync("q");
        Assert.Equal(("free", 2), (BrokerBench.Text(again), again!.DeliveryCount));
    }

    [Fact]
    public async Task ManyReceivers_NeverHoldOneMessageTogether()
    {
        await QueueAsync();
        await Broker.SendAsync("q", [.. Enumerable.Range(0, 200).Select(i => new BusMessage { MessageId = $"m{i}" })]);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var ids = new List<string>();
            while (await _bench.TakeAsync("q") is { } delivery)
            {
                ids.Add(delivery.Message.MessageId!);
            }

            return ids;
        })));
        Assert.Equal(200, taken.SelectMany(ids => ids).Distinct().Count());
        Assert.Equal(200, taken.Sum(ids => ids.Count));
    }

    [Theory]
    [InlineData("q")]
    [InlineData("t/subscriptions/s")]
    public async Task UnknownEntity_IsRefused(string path)
    {
        await RefusedAsync(BusError.EntityUnknown, () => _bench.TakeAsync(path));
        await RefusedAsync(BusError.EntityUnknown, () => _bench.SendAsync(path, "x"));
    }

    [Fact]
    public async Task OneBadMessageOfSeveral_SendsNone()
    {
        await QueueAsync();
        await RefusedAsync(
            BusError.BadRequest, () => Broker.SendAsync("q", [new BusMessage(), new BusMessage { MessageId = new string('x', 129) }]));
        await Broker.SendAsync("q", [new BusMessage { MessageId = new string('x', 128) }]);
        Assert.Single(await Broker.PeekAsync("q", 10));
    }

    [Fact]
    public async Task SettingsOutOfRange_AreRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => Broker.EnsureQueueAsync("q", new BusEntitySettings { LockDuration = BusEntitySettings.LongestLock + Tick }));
        await Broker.EnsureQueueAsync("q", new BusEntitySettings { LockDuration = BusEntitySettings.LongestLock });
        await Assert.ThrowsAsync<ArgumentException>(() => Broker.EnsureQueueAsync("a/b", new BusEntitySettings()));
        await Assert.ThrowsAsync<ArgumentException>(() => Broker.EnsureTopicAsync("q", new BusEntitySettings()));
    }

    [Fact]
    public async Task DeadLettersOfTheBus_AreFoundWhereThereAreAny_AlsoThoseThatALockJustGaveUp()
    {
        await Broker.EnsureQueueAsync("idle", new BusEntitySettings());
        await Broker.EnsureQueueAsync("dead", new BusEntitySettings());
        await Broker.EnsureQueueAsync("late", new BusEntitySettings { MaxDeliveryCount = 1 });
        await _bench.SendAsync("dead", "one");
        await Broker.DeadLetterAsync("dead", (await _bench.TakeAsync("dead"))!.LockToken!.Value, "unknown-type", "Nobody knows it.");
        await _bench.SendAsync("late", "two");
        await _bench.TakeAsync("late");
        _bench.Clock.Advance(Minute);

        Assert.Equal(["dead/$DeadLetterQueue", "late/$DeadLetterQueue"], Broker.DeadLetterQueuesInUse().Select(queue => queue.Path));
        Assert.Equal(["dead", "late"], (await new BusDeadLetterBox(Broker).ListAsync(default)).Select(letter => letter.Entity));
    }

    private static Dictionary<string, object> Host(string name) => new(StringComparer.OrdinalIgnoreCase) { ["host"] = name };

    private static async Task RefusedAsync(BusError error, Func<Task> action) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<BusException>(action)).Error);

    private Task QueueAsync() => Broker.EnsureQueueAsync("q", new BusEntitySettings());

    private Task SubscribeAsync(string name, params BusFilter[] filters) =>
        Broker.EnsureSubscriptionAsync("t", name, filters, new BusEntitySettings());

    private async Task<List<string>> ContentsAsync(params string[] names)
    {
        var contents = new List<string>();
        foreach (var name in names)
        {
            contents.AddRange((await Broker.PeekAsync(BusPath.OfSubscription("t", name), 10)).Select(m => $"{name}:{BrokerBench.Text(m)}"));
        }

        return contents;
    }
}

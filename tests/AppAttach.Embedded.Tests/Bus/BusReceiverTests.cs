using AppAttach.Embedded.Bus;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusReceiverTests : IDisposable
{
    private readonly BrokerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Handler_CompletesDeadLettersAndFailsWithARest()
    {
        await _bench.Broker.EnsureQueueAsync("q", new BusEntitySettings());
        await _bench.SendAsync("q", "good");
        await _bench.SendAsync("q", "never");
        await _bench.SendAsync("q", "later");
        await _bench.SendAsync("q", "last");
        await RunUntilAsync(1, text => text switch
        {
            "never" => BusHandling.DeadLetter("unknown-type", "Nobody knows it."),
            "later" => throw new InvalidOperationException("Not now."),
            _ => BusHandling.Complete,
        });

        var left = Assert.Single(await _bench.Broker.PeekAsync("q", 10));
        Assert.Equal(("later", 1), (BrokerBench.Text(left), left.DeliveryCount));
        Assert.Null(await _bench.TakeAsync("q"));
        _bench.Clock.Advance(BusReceiver.RestAfter(1));
        Assert.Equal("later", await _bench.TakeTextAsync("q"));
        var dead = Assert.Single(await _bench.Broker.PeekAsync("q/$DeadLetterQueue", 10));
        Assert.Equal("unknown-type", dead.Message.Properties["DeadLetterReason"]);
    }

    [Fact]
    public async Task SlowHandler_KeepsItsLockByRenewal()
    {
        await _bench.Broker.EnsureQueueAsync("q", new BusEntitySettings());
        await _bench.SendAsync("q", "slow");
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource<BusHandling>(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new BusReceiver(
            _bench.Broker, "q", 1, (_, _) => { begun.SetResult(); return end.Task; }, _bench.Clock, NullLogger.Instance);
        var running = receiver.RunAsync(stop.Token);
        await begun.Task;
        for (var i = 0; i < 4; i++)
        {
            var timers = _bench.Clock.TimersSet;
            _bench.Clock.Advance(TimeSpan.FromSeconds(30));
            await _bench.TimersSetAsync(timers + 1);
            Assert.Null(await _bench.TakeAsync("q"));
        }

        end.SetResult(BusHandling.Complete);
        await stop.CancelAsync();
        await running;
        Assert.Empty(await _bench.Broker.PeekAsync("q", 10));
    }

    [Fact]
    public async Task StoppedHandler_GivesItsMessageBackUncounted()
    {
        await _bench.Broker.EnsureQueueAsync("q", new BusEntitySettings());
        await _bench.SendAsync("q", "one");
        using var stop = new CancellationTokenSource();
        var receiver = new BusReceiver(
            _bench.Broker,
            "q",
            1,
            async (_, token) =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
                return BusHandling.Complete;
            },
            _bench.Clock,
            NullLogger.Instance);
        await receiver.RunAsync(stop.Token);
        Assert.Equal(1, (await _bench.TakeAsync("q"))!.DeliveryCount);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(1000, 60)]
    public void RestAfterFailure_DoublesUpToAMinute(int deliveryCount, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BusReceiver.RestAfter(deliveryCount));

    private async Task RunUntilAsync(int concurrency, Func<string, BusHandling> handle)
    {
        using var stop = new CancellationTokenSource();
        var receiver = new BusReceiver(
            _bench.Broker,
            "q",
            concurrency,
            async (delivery, _) =>
            {
                var text = BrokerBench.Text(delivery)!;
                if (text == "last")
                {
                    await stop.CancelAsync();
                }

                return handle(text);
            },
            _bench.Clock,
            NullLogger.Instance);
        await receiver.RunAsync(stop.Token);
    }
}

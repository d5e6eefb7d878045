using System.Diagnostics;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;

namespace AppAttach.Embedded.Tests.Bus;

public sealed class BusSendersTests : IDisposable
{
    private readonly BrokerBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Commands_WaitForTheirHostUntilTheirDeadline()
    {
        var sender = new BusCommandSender(_bench.Broker, _bench.Clock);
        await sender.EnsureHostAsync("pool", "A", default);
        await sender.EnsureHostAsync("pool", "B", default);
        await sender.SendAsync("pool", [Command("1", "A", 60), Command("2", "B", 120), Command("3", "A", 0)], default);

        var path = BusPath.OfSubscription(BusEntities.HostCommandsTopic("pool"), "a");
        var delivery = await _bench.TakeAsync(path);
        Assert.Equal("1", delivery!.Message.MessageId);
        Assert.Equal("A", Message.ReadCommand(delivery.Message.Body).Host);
        Assert.Null(await _bench.TakeAsync(path));
        await _bench.Broker.AbandonAsync(path, delivery.LockToken!.Value);
        _bench.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(await _bench.TakeAsync(path));
        Assert.NotNull(await _bench.TakeAsync(BusPath.OfSubscription(BusEntities.HostCommandsTopic("pool"), "b")));
    }

    [Fact]
    public async Task CommandForAPoolOfWhichNoHostSaidHello_IsForNobodyAndNoError()
    {
        var sender = new BusCommandSender(_bench.Broker, _bench.Clock);
        await sender.SendAsync("pool", [Command("c", "a", 60)], default);
        await sender.EnsureHostAsync("pool", "a", default);
        Assert.Null(await _bench.TakeAsync(BusPath.OfSubscription(BusEntities.HostCommandsTopic("pool"), "a")));
    }

    [Fact]
    public async Task EventSentTwice_IsOneEvent()
    {
        await BusSetup.EnsureAsync(_bench.Broker, default);
        await _bench.Broker.EnsureSubscriptionAsync(BusEntities.Events, "s", [BusFilter.All], new BusEntitySettings());
        var sender = new BusEventSender(_bench.Broker, _bench.Clock);
        var content = new PipelineEvent { Message = "It is there." };
        await sender.SendAsync(MessageTypes.ReleaseAvailable, "id", content, default);
        await sender.SendAsync(MessageTypes.ReleaseAvailable, "id", content, default);
        var delivery = Assert.Single(await _bench.Broker.PeekAsync("events/subscriptions/s", 10));
        Assert.Equal(MessageTypes.ReleaseAvailable, Message.ReadEvent(delivery.Message.Body).Type);
    }

    [Fact]
    public async Task TenThousandCommandsForFiftyHosts_AllArriveOnce()
    {
        var sender = new BusCommandSender(_bench.Broker, _bench.Clock);
        foreach (var host in Enumerable.Range(0, 50))
        {
            await sender.EnsureHostAsync("pool", $"H{host}", default);
        }

        var watch = Stopwatch.StartNew();
        foreach (var batch in Enumerable.Range(0, 10_000).Select(i => Command($"c{i}", $"H{i % 50}", 60)).Chunk(50))
        {
            await sender.SendAsync("pool", batch, default);
        }

        var sent = watch.Elapsed;
        var ids = (await Task.WhenAll(Enumerable.Range(0, 50).Select(host => Task.Run(() => DrainAsync($"H{host}"))))).SelectMany(id => id).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 sent in {sent}, received and completed in {watch.Elapsed - sent}.");
        Assert.Equal(10_000, ids.Count);
        Assert.Equal(10_000, ids.Distinct().Count());
    }

    private async Task<List<string>> DrainAsync(string host)
    {
        var path = BusPath.OfSubscription(BusEntities.HostCommandsTopic("pool"), host);
        var ids = new List<string>();
        while (await _bench.TakeAsync(path) is { } delivery)
        {
            ids.Add(delivery.Message.MessageId!);
            await _bench.Broker.CompleteAsync(path, delivery.LockToken!.Value);
        }

        return ids;
    }

    private HostCommand Command(string id, string host, int seconds) => new()
    {
        CommandId = id, Host = host, Kind = CommandKind.Report, Deadline = _bench.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds),
    };
}

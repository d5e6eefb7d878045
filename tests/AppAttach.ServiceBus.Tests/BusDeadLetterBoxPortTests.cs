using AppAttach.Api.Ports;
using AppAttach.Azure.Bus;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Functions.Site;
using AppAttach.ServiceBus.Tests.Protocol;
using AppAttach.TestKit.Ports;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using BusDeadLetterBox = AppAttach.Functions.Site.BusDeadLetterBox;

namespace AppAttach.ServiceBus.Tests;

public sealed class BusDeadLetterBoxPortTests : DeadLetterBoxPortTests, IAsyncLifetime
{
    private static readonly string Topic = BusEntities.HostCommandsTopic("office", FakeNamespace.TopicCount);

    private FakeNamespace _namespace = null!;
    private CommandSubscriptions _subscriptions = null!;

    public async ValueTask InitializeAsync()
    {
        _namespace = await FakeNamespace.StartAsync();
        _subscriptions = new CommandSubscriptions(
            _namespace.Administration, FakeNamespace.TopicCount, _namespace.Clock, NullLogger<CommandSubscriptions>.Instance);
    }

    public ValueTask DisposeAsync()
    {
        _subscriptions.Dispose();
        return _namespace.DisposeAsync();
    }

    /// <summary>Both spellings of a subscription's path are known.</summary>
    [Fact]
    public async Task PathInLowerCase_IsTheSame()
    {
        var box = await OpenBoxAsync();
        await PutAsync("pc-1", 3, "text");

        Assert.Equal(1, await box.ReplayAsync(new DeadLetterReplay($"{Topic}/subscriptions/pc-1", [2]), "anna", CancellationToken.None));

        var message = Assert.Single(await ReceiveAsync("pc-1"));
        Assert.Equal(("m-2", "anna"), (message.Id, message.Properties["ReplayedBy"]));
    }

    [Fact]
    public async Task DeadLetterBehindTooMany_IsNotFound_AndNothingStaysLocked()
    {
        var box = await OpenBoxAsync();
        var settings = new BusEntitySettings { DefaultTimeToLive = TimeSpan.FromSeconds(1), DeadLetterOnExpiry = true };
        await _namespace.Broker.EnsureQueueAsync(BusEntities.Requests, settings);
        await _namespace.Broker.SendAsync(BusEntities.Requests, [.. Enumerable.Repeat(new BusMessage(), BusDeadLetterBox.MostHeld + 200)]);
        _namespace.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, await box.ReplayAsync(
            new DeadLetterReplay(BusEntities.Requests, [BusDeadLetterBox.MostHeld + 199]), "anna", CancellationToken.None));

        var dead = BusPath.OfDeadLetters(BusEntities.Requests);
        Assert.Equal(BusDeadLetterBox.MostHeld + 200, (await _namespace.Broker.PeekAsync(dead, int.MaxValue)).Count);
        Assert.Equal(1, await box.ReplayAsync(new DeadLetterReplay(BusEntities.Requests, [1]), "anna", CancellationToken.None));
    }

    [Fact]
    public async Task Subscriptions_AreAskedForAgainAfterAWhileOnly_AndNotAtTheirFailure()
    {
        var box = await OpenBoxAsync();
        await PutAsync("pc-1", 1, "text");
        var calls = _namespace.Management.Calls;
        Assert.Single(await box.ListAsync(CancellationToken.None));
        Assert.Single(await box.ListAsync(CancellationToken.None));
        Assert.Equal(calls + FakeNamespace.TopicCount, _namespace.Management.Calls);

        _namespace.Clock.Advance(CommandSubscriptions.GoodFor);
        _namespace.Management.BusyCalls = int.MaxValue;

        Assert.Single(await box.ListAsync(CancellationToken.None));
        calls = _namespace.Management.Calls;
        Assert.Single(await box.ListAsync(CancellationToken.None));
        Assert.Equal(calls, _namespace.Management.Calls);
    }

    [Fact]
    public async Task SubscriptionThatWentAway_IsLeftOut()
    {
        var box = await OpenBoxAsync();
        await PutAsync("pc-1", 1, "text");
        Assert.Single(await box.ListAsync(CancellationToken.None));
        await _namespace.Administration.DeleteSubscriptionAsync(Topic, "pc-1");

        Assert.Empty(await box.ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task SubscriptionsOnSeveralPages_ThoseWithTheMostAreNamed()
    {
        await using var sender = OpenSender();
        for (var i = 0; i < 250; i++)
        {
            await sender.EnsureHostAsync("office", $"pc-{i}", CancellationToken.None);
        }

        // By name, the last two are on the third page.
        for (var i = 250 - CommandSubscriptions.Most - 3; i < 250; i++)
        {
            await PutAsync($"pc-{i}", 1, "text");
        }

        await PutAsync("pc-98", 1, "text");
        await PutAsync("pc-99", 2, "text");

        var found = await _subscriptions.FindAsync(CancellationToken.None);

        Assert.Equal(CommandSubscriptions.Most, found.Count);
        Assert.Equal($"{Topic}/Subscriptions/pc-99", found[0].ToString());
    }

    protected override async Task<IDeadLetterBox> OpenBoxAsync()
    {
        await using var sender = OpenSender();
        await sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);
        await sender.EnsureHostAsync("office", "pc-10", CancellationToken.None);
        return new BusDeadLetterBox(_namespace.Client, _subscriptions);
    }

    protected override async Task PutAsync(string? host, int count, string body)
    {
        await using var sender = _namespace.Client.CreateSender(host is null ? BusEntities.Requests : Topic);
        await using var receiver = OpenReceiver(host);
        for (var i = 1; i <= count; i++)
        {
            var message = new ServiceBusMessage(body) { MessageId = $"m-{i}", ApplicationProperties = { ["color"] = "blue" } };
            if (host is not null)
            {
                message.ApplicationProperties[BusEntities.HostProperty] = host;
            }

            await sender.SendMessageAsync(message);
            await receiver.DeadLetterMessageAsync(await receiver.ReceiveMessageAsync(), "odd", "It is odd.");
        }
    }

    protected override Task<IReadOnlyList<PortMessage>> ReceiveAsync(string? host) => Receiving.DrainAsync(OpenReceiver(host));

    private ServiceBusReceiver OpenReceiver(string? host) =>
        host is null ? _namespace.Client.CreateReceiver(BusEntities.Requests) : _namespace.Client.CreateReceiver(Topic, host);

    private ServiceBusCommandSender OpenSender() =>
        new(_namespace.Client, _namespace.Administration, FakeNamespace.TopicCount, _namespace.Clock);
}

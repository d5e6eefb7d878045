using System.Diagnostics;
using AppAttach.Azure.Bus;
using AppAttach.Contracts;
using AppAttach.ServiceBus.Tests.Protocol;

namespace AppAttach.ServiceBus.Tests;

public sealed class ServiceBusCommandSenderTests : IAsyncLifetime
{
    private static readonly string Topic = BusEntities.HostCommandsTopic("office", FakeNamespace.TopicCount);

    private FakeNamespace _namespace = null!;
    private ServiceBusCommandSender _sender = null!;

    public async ValueTask InitializeAsync()
    {
        _namespace = await FakeNamespace.StartAsync();
        _sender = new ServiceBusCommandSender(_namespace.Client, _namespace.Administration, FakeNamespace.TopicCount, _namespace.Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _namespace.DisposeAsync();
    }

    [Fact]
    public async Task NewHost_GetsASubscriptionWithNothingButItsFilter()
    {
        await _sender.EnsureHostAsync("office", "PC-1", CancellationToken.None);

        var rule = Assert.Single(_namespace.Management.RulesOf(Topic, "pc-1"));
        Assert.Equal((ServiceBusCommandSender.RuleName, BusEntities.HostProperty, "pc-1"), (rule.Key, rule.Value.Property, rule.Value.PropertyValue));
        var asked = _namespace.Management.Find(Topic, "pc-1")!.Elements().ToLookup(part => part.Name.LocalName, part => part.Value);
        Assert.Equal(("PT1M", "10", "P60D"), (asked["LockDuration"].Single(), asked["MaxDeliveryCount"].Single(), asked["AutoDeleteOnIdle"].Single()));
    }

    [Fact]
    public async Task SubscriptionThatLetsEverythingThrough_IsPutRight()
    {
        await _namespace.Management.MakeOpenAsync(Topic, "pc-1");

        await _sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        Assert.Equal([ServiceBusCommandSender.RuleName], _namespace.Management.RulesOf(Topic, "pc-1").Keys);
        await _sender.SendAsync("office", [Command("pc-2")], CancellationToken.None);
        Assert.Empty(await Receiving.DrainAsync(_namespace.Client.CreateReceiver(Topic, "pc-1")));
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(60, 4)]
    public async Task HostThatWasSeen_IsNotLookedUpForAnHour(int minutes, int calls)
    {
        await _sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        _namespace.Clock.Advance(TimeSpan.FromMinutes(minutes));
        await _sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        // One creates it; three find it there and look at its two rules.
        Assert.Equal(calls, _namespace.Management.Calls);
    }

    [Fact]
    public async Task ManagementApiThatIsBusy_IsAskedAgain()
    {
        _namespace.Management.BusyCalls = 2;

        await _sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        Assert.NotNull(_namespace.Management.Find(Topic, "pc-1"));
    }

    [Fact]
    public async Task SendThatFailsForAWhile_IsTriedAgain()
    {
        await _sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);
        _namespace.FailingSends = 2;

        await _sender.SendAsync("office", [Command("pc-1")], CancellationToken.None);

        Assert.Single(await Receiving.DrainAsync(_namespace.Client.CreateReceiver(Topic, "pc-1")));
    }

    [Fact]
    public async Task ManyCommands_GoOutInFewTransfers()
    {
        var transfers = _namespace.Transfers;

        await _sender.SendAsync("office", [.. Enumerable.Range(0, 1_000).Select(i => Command($"pc-{i}"))], CancellationToken.None);

        Assert.InRange(_namespace.Transfers - transfers, 2, 10);
    }

    [Fact]
    public async Task CommandThatFitsNoMessage_IsNamed()
    {
        var command = Command("pc-1") with { Users = [.. Enumerable.Range(0, 20_000).Select(i => $"user{i}@contoso.example")] };

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => _sender.SendAsync("office", [command], CancellationToken.None));

        Assert.Contains("r.Stage.pc-1", e.Message);
    }

    [Fact]
    public async Task CommandsAndEventsOfATrace_CarryIt()
    {
        await _sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);
        await _namespace.Administration.CreateSubscriptionAsync(BusEntities.Events, "billing");
        await using var events = new ServiceBusEventSender(_namespace.Client, _namespace.Clock);
        using var work = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();

        await _sender.SendAsync("office", [Command("pc-1")], CancellationToken.None);
        await events.SendAsync(MessageTypes.ReleaseAvailable, "e-1", new PipelineEvent { Message = "m" }, CancellationToken.None);

        foreach (var receiver in new[] { _namespace.Client.CreateReceiver(Topic, "pc-1"), _namespace.Client.CreateReceiver(BusEntities.Events, "billing") })
        {
            var message = Assert.Single(await Receiving.DrainAsync(receiver));
            Assert.Equal(work.Id, message.Properties["Diagnostic-Id"]);
            Assert.Equal(work.Id, Message.FindTraceParent(message.Body.Span));
        }
    }

    private HostCommand Command(string host) => new()
    {
        CommandId = "r.Stage." + host, Host = host, Kind = CommandKind.Stage, Deadline = _namespace.Clock.GetUtcNow().AddMinutes(30),
    };
}

using System.Diagnostics;
using AppAttach.Azure.Bus;
using AppAttach.Contracts;
using Azure.Messaging.ServiceBus.Administration;

namespace AppAttach.Azure.Tests.Bus;

public sealed class ServiceBusSendersTests
{
    private const string Subscription = "host-commands-0/pc-1";

    private readonly FakeServiceBus _bus = new();
    private readonly FakeAdministration _administration = new();
    private readonly StoppedClock _clock = new();

    [Fact]
    public async Task NewHost_GetsASubscriptionWithNothingButItsFilter()
    {
        await using var sender = MakeSender();

        await sender.EnsureHostAsync("office", "PC-1", CancellationToken.None);

        var rule = Assert.Single(_administration.Subscriptions[Subscription]);
        Assert.Equal(ServiceBusCommandSender.RuleName, rule.Key);
        Assert.Equal("pc-1", Assert.IsType<CorrelationRuleFilter>(rule.Value).ApplicationProperties[BusEntities.HostProperty]);
    }

    [Fact]
    public async Task SubscriptionThatLetsEverythingThrough_IsPutRight()
    {
        _administration.Subscriptions[Subscription] = new() { [RuleProperties.DefaultRuleName] = new TrueRuleFilter() };
        await using var sender = MakeSender();

        await sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        Assert.Equal([ServiceBusCommandSender.RuleName], _administration.Subscriptions[Subscription].Keys);
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(60, 3)]
    public async Task HostThatWasSeen_IsNotLookedUpForAnHour(int minutes, int calls)
    {
        await using var sender = MakeSender();
        await sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        _clock.Now += TimeSpan.FromMinutes(minutes);
        await sender.EnsureHostAsync("office", "pc-1", CancellationToken.None);

        // One creates it; three find it there and look at its two rules.
        Assert.Equal(calls == 1 ? 1 : 1 + calls, _administration.Calls);
    }

    [Fact]
    public async Task RetiredHost_LosesItsSubscription_AndGetsANewOneWhenItReturns()
    {
        await using var sender = MakeSender();
        await sender.EnsureHostAsync("office", "PC-1", CancellationToken.None);

        await sender.RemoveHostAsync("office", "PC-1", CancellationToken.None);
        Assert.Empty(_administration.Subscriptions);
        await sender.RemoveHostAsync("office", "PC-1", CancellationToken.None);

        await sender.EnsureHostAsync("office", "PC-1", CancellationToken.None);
        Assert.Equal([Subscription], _administration.Subscriptions.Keys);
    }

    [Fact]
    public async Task CommandsAndEventsOfATrace_CarryIt()
    {
        using var work = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        await using var commands = MakeSender();
        await using var events = new ServiceBusEventSender(_bus, _clock);

        await commands.SendAsync("office", [Command("pc-1")], CancellationToken.None);
        await events.SendAsync(MessageTypes.ReleaseAvailable, "e-1", new PipelineEvent { Message = "m" }, CancellationToken.None);

        Assert.Equal(2, _bus.Sent.Count);
        Assert.All(_bus.Sent, sent =>
        {
            Assert.Equal(work.Id, sent.Messages[0].ApplicationProperties["Diagnostic-Id"]);
            Assert.Equal(work.Id, Message.FindTraceParent(sent.Messages[0].Body.ToMemory().Span));
        });
    }

    [Fact]
    public async Task Commands_GoOutInBatchesAddressedToTheirHosts()
    {
        await using var sender = MakeSender();

        await sender.SendAsync("office", [Command("PC-1"), Command("pc-2"), Command("pc-3")], CancellationToken.None);

        Assert.Equal([2, 1], _bus.Sent.Select(batch => batch.Messages.Count));
        Assert.All(_bus.Sent, batch => Assert.Equal("host-commands-0", batch.Entity));
        var first = _bus.Sent[0].Messages[0];
        Assert.Equal(("r.Stage.PC-1", MessageTypes.Command), (first.MessageId, first.Subject));
        Assert.Equal("pc-1", first.ApplicationProperties[BusEntities.HostProperty]);
        Assert.Equal(TimeSpan.FromMinutes(30), first.TimeToLive);
        Assert.Equal("PC-1", Message.ReadCommand(first.Body.ToMemory().Span).Host);
    }

    [Fact]
    public async Task CommandAfterItsDeadline_StillHasATimeToLive()
    {
        await using var sender = MakeSender();
        _clock.Now += TimeSpan.FromHours(1);

        await sender.SendAsync("office", [Command("pc-1")], CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(1), _bus.Sent[0].Messages[0].TimeToLive);
    }

    [Fact]
    public async Task CommandThatFitsNoMessage_IsNamed()
    {
        await using var sender = MakeSender();
        _bus.BatchSize = 0;

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => sender.SendAsync("office", [Command("pc-1")], CancellationToken.None));

        Assert.Contains("r.Stage.pc-1", e.Message);
    }

    [Fact]
    public async Task Event_CarriesItsIdAndType()
    {
        await using var sender = new ServiceBusEventSender(_bus, _clock);

        await sender.SendAsync(MessageTypes.ReleaseAvailable, "e-1", new PipelineEvent { Message = "It is there." }, CancellationToken.None);

        var (entity, messages) = Assert.Single(_bus.Sent);
        Assert.Equal((BusEntities.Events, "e-1", MessageTypes.ReleaseAvailable), (entity, messages[0].MessageId, messages[0].Subject));
        Assert.Equal(MessageTypes.ReleaseAvailable, messages[0].ApplicationProperties[ServiceBusEventSender.TypeProperty]);
        Assert.Equal("It is there.", Message.ReadEvent(messages[0].Body.ToMemory().Span).Data.Message);
    }

    private ServiceBusCommandSender MakeSender() => new(_bus, _administration, topicCount: 1, _clock);

    private HostCommand Command(string host) => new()
    {
        CommandId = "r.Stage." + host, Host = host, Kind = CommandKind.Stage, Deadline = new StoppedClock().Now.AddMinutes(30),
    };

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

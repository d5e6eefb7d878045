using System.Security.Cryptography;
using System.Text;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.Pipeline.Tests.Rollout;

/// <summary>What hosts say, in every order, and what must come of it.</summary>
public sealed class HostMessageHandlerTests
{
    [Fact]
    public async Task HelloOfANewHost_BringsItTheNewestReleaseOfEachAssignedFamilyOnce()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.PublishAsync("1.msix", Packages.Sample(version: "1.9.0.0"));
        await host.PublishAsync("2.msix", Packages.Sample(version: "1.10.0.0"));
        await host.AllRolloutsAsync();

        await host.HelloAsync("host-1", "pool-east");
        await host.AllRolloutsAsync();
        await host.HelloAsync("host-1", "pool-east");
        await host.AllRolloutsAsync();

        Assert.True(host.Bus.Subscriptions.ContainsKey("pool-east/host-1"));
        Assert.Equal(["host-1 Contoso.Sample_1.10.0.0_x64__j8tmt7aeqvrx2"], host.Bus.Registered.Keys);
        Assert.Equal(2, host.Bus.Commands.Count);
        Assert.True(Record(host, "host-1").IsWelcomed);
    }

    [Fact]
    public async Task FamilyThatIsNotAssigned_StaysAway()
    {
        await using var host = new PipelineTestHost("east");
        await host.Catalog.DeleteAsync(DocumentKinds.Assignments, AssignmentRecord.KeyOf("*", "pool-east"), default);
        host.Assign("Other_j8tmt7aeqvrx2", "pool-east");
        await host.StartAsync();
        await host.PublishAsync("1.msix", Packages.Sample());

        await host.HelloAsync("host-1", "pool-east");

        Assert.DoesNotContain(host.Engine.List(), status => status.Name == nameof(RunRolloutOrchestrator));
    }

    [Fact]
    public async Task RepeatedHellos_StartNothingAndAddNoDocument()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.PublishAsync("1.msix", Packages.Sample());
        await host.HelloAsync("host-1", "pool-east");
        await host.AllRolloutsAsync();
        var (documents, instances, commands) = (host.Catalog.Keys, host.Engine.List().Count, host.Bus.Commands.Count);

        for (var minute = 0; minute < 20; minute++)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(5));
            await host.HelloAsync("host-1", "pool-east");
        }

        Assert.Equal(documents, host.Catalog.Keys);
        Assert.Equal(instances, host.Engine.List().Count);
        Assert.Equal(commands, host.Bus.Commands.Count);
        Assert.Equal(host.Clock.GetUtcNow(), Record(host, "host-1").LastSeenAt);
    }

    [Fact]
    public async Task OlderHello_ShowsThatTheHostIsThereAndNothingElse()
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        var now = host.Clock.GetUtcNow();
        await host.HelloAsync("host-1", "pool-west", now);
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        await host.HelloAsync("host-1", "pool-east", now.AddMinutes(-5));

        var record = Record(host, "host-1");
        Assert.Equal(("pool-west", now, now.AddMinutes(1)), (record.Hello.Pool, record.Hello.SentAt, record.LastSeenAt));
    }

    [Theory]
    [InlineData(10, "pool-west")]
    [InlineData(11, "pool-east")]
    public async Task HostWhoseClockRanAhead_IsHeardAgain(int minutesAhead, string pool)
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-west", host.Clock.GetUtcNow().AddMinutes(minutesAhead));

        await host.HelloAsync("host-1", "pool-east", host.Clock.GetUtcNow());

        Assert.Equal(pool, Record(host, "host-1").Hello.Pool);
    }

    [Fact]
    public async Task HostThatMovesToAnotherPool_GetsWhatThatPoolHasAndLosesTheRest()
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.Catalog.DeleteAsync(DocumentKinds.Assignments, AssignmentRecord.KeyOf("*", "pool-west"), default);
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east");
        await host.PublishAsync("1.msix", Packages.Sample());
        await host.AllRolloutsAsync();
        Assert.Equal([Packages.SampleFullName], host.Bus.InventoryOf("host-1").Select(item => item.PackageFullName));

        await host.HelloAsync("host-1", "pool-west");

        Assert.Empty(host.Bus.InventoryOf("host-1"));
        Assert.Equal(["pool-east"], Record(host, "host-1").FormerPools);
        host.Clock.Advance(HostMessageHandler.RivalPatience);
        await host.HelloAsync("host-1", "pool-east");
        Assert.Equal([Packages.SampleFullName], host.Bus.InventoryOf("host-1").Select(item => item.PackageFullName));
        Assert.Single(host.Catalog.All<HostRecord>(DocumentKinds.Hosts));
    }

    [Fact]
    public async Task TwoMachinesOfOneName_StayInOnePool_AndAreSaid()
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east");
        for (var turn = 0; turn < 5; turn++)
        {
            await host.HelloAsync("host-1", "pool-west");
            host.Clock.Advance(TimeSpan.FromMinutes(2));
            await host.HelloAsync("host-1", "pool-east");
            host.Clock.Advance(TimeSpan.FromMinutes(3));
            Assert.Equal("pool-west", Record(host, "host-1").Hello.Pool);
            Assert.Contains("two machines have one name", Record(host, "host-1").Note, StringComparison.Ordinal);
        }

        host.Clock.Advance(HostMessageHandler.RivalPatience);
        await host.HelloAsync("host-1", "pool-east");

        Assert.Equal(("pool-east", null), (Record(host, "host-1").Hello.Pool, Record(host, "host-1").Note));
    }

    [Fact]
    public async Task HostThatSignsItsMessages_IsBelievedWithItsKeyOnly()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east", key: key);
        var known = Record(host, "host-1").Key;

        await host.HelloAsync("host-1", "pool-west", key: other);
        await host.HelloAsync("host-1", "pool-west");
        await host.HelloAsync("host-1", "pool-east", key: key);

        Assert.Equal(("pool-east", known), (Record(host, "host-1").Hello.Pool, Record(host, "host-1").Key));
        Assert.Contains("without the key", Record(host, "host-1").Note, StringComparison.Ordinal);
        var outcome = Message.Write(Outcome(null));
        await host.DeliverAsync(outcome, key);
        await Assert.ThrowsAsync<MessageInvalidException>(() => host.DeliverAsync(outcome, other));
        await Assert.ThrowsAsync<MessageInvalidException>(() => host.DeliverAsync(outcome));
        await host.DeliverAsync(Message.Write(Outcome(null) with { Host = "host-2" }));
    }

    [Fact]
    public async Task NewKeyOfAHostThatWasBuiltAnew_CountsOnceTheOldOneIsSilent_AndNoKeyNever()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east", key: key);
        var known = Record(host, "host-1").Key;
        host.Clock.Advance(HostMessageHandler.RivalPatience);

        await host.HelloAsync("host-1", "pool-west");
        Assert.Equal(("pool-east", known), (Record(host, "host-1").Hello.Pool, Record(host, "host-1").Key));

        await host.HelloAsync("host-1", "pool-west", key: other);
        Assert.Equal(("pool-west", null), (Record(host, "host-1").Hello.Pool, Record(host, "host-1").Note));
        Assert.NotEqual(known, Record(host, "host-1").Key);
        await Assert.ThrowsAsync<MessageInvalidException>(() => host.DeliverAsync(Message.Write(Outcome(null)), key));
    }

    [Fact]
    public async Task SignatureOfAnotherBody_IsRefused_AndWhereTheBusKnowsTheSenderNoneIsNeeded()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.HelloAsync("host-1", "pool-east", key: key);
        var (outcome, handler) = (Message.Write(Outcome(null)), host.Get<HostMessageHandler>());

        await Assert.ThrowsAsync<MessageInvalidException>(() => handler.HandleAsync(outcome, default, proof: HostProof.Sign(key, "else"u8)));
        await handler.HandleAsync(outcome, default, sentBy: "host-1");
    }

    [Fact]
    public async Task PoolInOtherCase_IsTheSamePool()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.HelloAsync("host-1", "Pool-EAST");
        host.Bus.Subscriptions["pool-east/host-1"] = true;

        await host.PublishAsync("1.msix", Packages.Sample());
        await host.AllRolloutsAsync();

        Assert.True(host.Bus.Registered.ContainsKey($"host-1 {Packages.SampleFullName}"));
        Assert.Null(Record(host, "host-1").Note);
    }

    [Fact]
    public async Task UnknownPool_IsRecordedWithTheReasonAndGetsNothing()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.PublishAsync("1.msix", Packages.Sample());
        await host.AllRolloutsAsync();
        var instances = host.Engine.List().Count;

        await host.HelloAsync("host-1", "pool-mars");
        await host.HelloAsync("host-1", "pool-mars");

        var record = Record(host, "host-1");
        Assert.False(record.IsWelcomed);
        Assert.Contains("pool-mars", record.Note, StringComparison.Ordinal);
        Assert.Empty(host.Bus.Subscriptions);
        Assert.Equal(instances, host.Engine.List().Count);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.HelloAsync("host-1", "pool-east");
        await host.AllRolloutsAsync();
        Assert.Null(Record(host, "host-1").Note);
        Assert.True(host.Bus.Registered.ContainsKey($"host-1 {Packages.SampleFullName}"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", true)]
    [InlineData("A-1.b_c", true)]
    [InlineData("12345678901234567890123456789012345678901234567890", true)]
    [InlineData("123456789012345678901234567890123456789012345678901", false)]
    [InlineData("a/b", false)]
    [InlineData("a b", false)]
    [InlineData("höst", false)]
    public async Task HostName_IsTakenIfASubscriptionCanBeNamedAfterIt(string name, bool isTaken)
    {
        await using var host = new PipelineTestHost("east");
        var hello = host.HelloAsync(name, "pool-east");
        if (isTaken)
        {
            await hello;
        }
        else
        {
            await Assert.ThrowsAsync<MessageInvalidException>(() => hello);
        }

        Assert.Equal(isTaken ? 1 : 0, host.Catalog.All<HostRecord>(DocumentKinds.Hosts).Count);
        Assert.Equal(isTaken ? 1 : 0, host.Bus.Subscriptions.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/x","type":"appattach.unknown.v1","time":"2026-03-01T12:00:00Z","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/x","type":"appattach.host.command.v1","time":"2026-03-01T12:00:00Z","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/x","type":"appattach.host.hello.v1","time":"2026-03-01T12:00:00Z","data":{}}""")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/x","type":"appattach.host.outcome.v1","time":"2026-03-01T12:00:00Z","data":{"host":null}}""")]
    public async Task MessageThatNobodyCanHandle_IsInvalid(string body)
    {
        await using var host = new PipelineTestHost("east");

        await Assert.ThrowsAsync<MessageInvalidException>(() => host.DeliverAsync(Encoding.UTF8.GetBytes(body)));

        Assert.Empty(host.Catalog.All<HostRecord>(DocumentKinds.Hosts));
    }

    [Fact]
    public async Task HostThatSpeaksForAnother_CountsForNeither()
    {
        await using var host = new PipelineTestHost("east");
        var body = Message.Write(Outcome(null));

        await Assert.ThrowsAsync<MessageInvalidException>(() => host.Get<HostMessageHandler>().HandleAsync(body, default, "host-2"));
        await host.Get<HostMessageHandler>().HandleAsync(body, default, "HOST-1");

        Assert.Empty(host.Catalog.All<HostRecord>(DocumentKinds.Hosts));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("rollout-00000000000000000000000000000000")]
    [InlineData("a/b\\c#d?e")]
    [InlineData("")]
    public async Task OutcomeForAnUnknownRollout_IsPassedOver(string? rolloutId)
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();

        await host.DeliverAsync(Message.Write(Outcome(rolloutId)));

        Assert.Empty(host.Engine.List());
    }

    [Fact]
    public async Task OutcomeThatNamesAPublishing_DoesNotReachIt()
    {
        await using var host = new PipelineTestHost("east");
        host.Shares["east"].IsAway = true;
        await host.StartAsync();
        var id = await host.DropAsync(host.Inbox.Put("1.msix", Packages.Sample()));
        await host.DriveAsync(id, () => host.Shares["east"].Attempts == 1);

        await host.DeliverAsync(Message.Write(Outcome(id)));
        await host.EndAsync<Pipeline.Intake.PublishPackageResult>(id);

        Assert.DoesNotContain(host.Engine.ReadHistory(id), entry => entry.Kind == Embedded.Engine.HistoryEventKind.EventRaised);
    }

    /// <summary>The first hello comes at each moment of a publishing in turn, and the package always ends up on the host.</summary>
    [Fact]
    public async Task FirstHelloAtAnyMomentOfARelease_EndsWithThePackageOnTheHost()
    {
        var moment = 0;
        bool wasReached;
        do
        {
            moment++;
            wasReached = await HelloAtAsync(moment);
        }
        while (wasReached);

        Assert.InRange(moment, 15, 200);
    }

    private static async Task<bool> HelloAtAsync(int moment)
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var calls = 0;
        host.Faults.Refuses = _ =>
        {
            if (Interlocked.Increment(ref calls) == moment)
            {
                host.HelloAsync("host-1", "pool-east").Wait();
            }

            return null;
        };
        await host.PublishAsync("1.msix", Packages.Sample());
        await host.AllRolloutsAsync();
        if (host.Catalog.Find<HostRecord>(DocumentKinds.Hosts, "host-1") is null)
        {
            return false;
        }

        await host.AllRolloutsAsync();
        Assert.True(host.Bus.Registered.ContainsKey($"host-1 {Packages.SampleFullName}"), $"Hello before port call {moment}.");
        return true;
    }

    private static HostRecord Record(PipelineTestHost host, string name) => host.Catalog.Find<HostRecord>(DocumentKinds.Hosts, name)!;

    private static CommandOutcome Outcome(string? rolloutId) => MemoryBus.Succeeded(new HostCommand
    {
        CommandId = "c",
        Host = "host-1",
        Kind = CommandKind.Stage,
        Deadline = new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.Zero),
        RolloutId = rolloutId,
    });
}
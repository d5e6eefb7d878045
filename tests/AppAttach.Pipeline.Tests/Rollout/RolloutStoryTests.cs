using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;

namespace AppAttach.Pipeline.Tests.Rollout;

/// <summary>Rollouts in rings as an admin lives through them.</summary>
public sealed class RolloutStoryTests
{
    private const string Pool = "pool-east";

    [Fact]
    public async Task BadRelease_IsHaltedInTheFirstRingAndTakenBack_AndTheMendedOneGoesThrough()
    {
        await using var host = await FleetAsync();
        var good = await ReleaseAsync(host, "1.0.0.0");
        host.Bus.Answers = command => command is { Kind: CommandKind.Register, Package.Version: "2.0.0.0", Host: "a" or "b" }
            ? MemoryBus.Failed(command, ErrorCodes.RegistrationFailed)
            : MemoryBus.Succeeded(command);

        var bad = await ReleaseAsync(host, "2.0.0.0");

        Assert.Equal(RolloutState.RolledBack, bad.State);
        Assert.Contains("2 of 3 hosts failed", bad.Message, StringComparison.Ordinal);
        Assert.Contains(host.Bus.Events, sent => sent.Type == MessageTypes.RolloutHalted && sent.Content.RolloutId == bad.Id);
        Assert.DoesNotContain(host.Bus.Commands, sent => sent is { Package.Version: "2.0.0.0", Host: "d" or "e" });
        AssertEverywhere(host, good.Package);

        host.Bus.Answers = MemoryBus.Succeeded;
        var mended = await ReleaseAsync(host, "2.0.1.0");
        Assert.Equal(RolloutState.Completed, mended.State);
        AssertEverywhere(host, mended.Package);
        Assert.Equal(mended.Package, Plan(host).Current!.Package);
    }

    [Fact]
    public async Task ReleaseSupersededHalfWay_IsWhatItsRingGoesBackTo_WhenTheNextOneIsBad()
    {
        await using var host = await FleetAsync();
        var first = await ReleaseAsync(host, "1.0.0.0");
        host.Bus.Answers = command => command.Package!.Version switch
        {
            // The second ring is off while version 2 comes to it; version 3 fails on two of three hosts of the first.
            "2.0.0.0" when command.Host is "d" or "e" => null,
            "3.0.0.0" when command is { Kind: CommandKind.Register, Host: "a" or "b" } => MemoryBus.Failed(command, ErrorCodes.RegistrationFailed),
            _ => MemoryBus.Succeeded(command),
        };
        await host.PublishAsync("2.msix", Packages.Sample(version: "2.0.0.0"));
        await Eventually.IsTrueAsync(
            () => host.Bus.Commands.Any(command => command is { Package.Version: "2.0.0.0", Host: "e" }), "version 2 comes to the second ring");
        var half = Plan(host).Rollout!.Release.Package;

        var bad = await ReleaseAsync(host, "3.0.0.0");

        Assert.Equal(RolloutState.RolledBack, bad.State);
        AssertHas(host, half, "a", "b", "c");
        AssertHas(host, first.Package, "d", "e");
        var halted = host.Bus.Events.Single(sent => sent.Type == MessageTypes.RolloutHalted && sent.Content.RolloutId == bad.Id).Content.Message;
        Assert.Contains($"go back to {first.Package.FullName}; those of first to {half.FullName}", halted, StringComparison.Ordinal);

        Assert.True((await host.Get<RequestHandler>().HandleAsync(Ask(RequestVerb.RollBack, "r"), CancellationToken.None)).IsAccepted);
        AssertEverywhere(host, first.Package);
        host.Bus.Answers = MemoryBus.Succeeded;
        AssertEverywhere(host, (await ReleaseAsync(host, "4.0.0.0")).Package);
    }

    [Fact]
    public async Task RolloutWithAMaintenanceWindow_WaitsForItsOpening_InTheNightWhenTheClockChanges()
    {
        await using var host = await FleetAsync(windows: new MaintenanceWindow { TimeZone = "Europe/Berlin", Start = new TimeOnly(2, 30), End = new TimeOnly(4, 0) });
        host.Clock.Advance(new DateTimeOffset(2026, 3, 28, 20, 0, 0, TimeSpan.Zero) - host.Clock.GetUtcNow());
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await host.HelloAsync(name, Pool);
        }

        await host.PublishAsync("1.msix", Packages.Sample());
        var id = host.Engine.List().Single(status => status.Name == nameof(RunRolloutOrchestrator)).InstanceId;
        await host.EndAsync<RunRingResult>(RolloutIds.OfRing(id, 0));
        await host.EndAsync<RunRolloutResult>(id);

        // Half past two does not come that night: at three it is one o'clock in Greenwich.
        var rollout = host.Catalog.Find<RolloutRecord>(DocumentKinds.Rollouts, id)!;
        Assert.Equal(RolloutState.Completed, rollout.State);
        Assert.All(rollout.Rings, ring => Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), ring.Since));
    }

    [Fact]
    public async Task FewHostsOfARingFail_GoesOnAndComesToThemLater()
    {
        await using var host = await FleetAsync(new GateDefinition { MaxFailedPercent = 34 });
        var isBroken = true;
        host.Bus.Answers = command => isBroken && command.Host == "a" ? MemoryBus.Failed(command, ErrorCodes.MountFailed) : MemoryBus.Succeeded(command);

        var rollout = await ReleaseAsync(host, "1.0.0.0");

        Assert.Equal((RolloutState.Failed, ErrorCodes.MountFailed), (rollout.State, rollout.Code));
        Assert.Empty(host.Bus.InventoryOf("a"));
        isBroken = false;
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.HelloAsync("a", Pool);
        AssertEverywhere(host, rollout.Package);
    }

    [Fact]
    public async Task RollBackByRequest_GoesToTheReleaseBefore_AndOnlyOnce()
    {
        await using var host = await FleetAsync();
        var first = await ReleaseAsync(host, "1.0.0.0");
        await ReleaseAsync(host, "2.0.0.0");
        var request = new PipelineRequest { Id = "r1", Verb = RequestVerb.RollBack, RequestedBy = "/test", Family = Packages.SampleFamily, Pool = Pool };

        var reply = await host.Get<RequestHandler>().HandleAsync(request, CancellationToken.None);
        var again = await host.Get<RequestHandler>().HandleAsync(request, CancellationToken.None);

        Assert.True(reply.IsAccepted, reply.Message);
        Assert.Equal(reply.Message, again.Message);
        Assert.Equal(first.Package, Plan(host).Current!.Package);
        AssertEverywhere(host, first.Package);
    }

    [Fact]
    public async Task RolloutThatIsOnlyBeginning_CannotBePausedYet()
    {
        await using var host = await FleetAsync();
        await ReleaseAsync(host, "1.0.0.0");
        var app = Plan(host);
        var begun = new PoolPlan(Pool).With(app with { Rollout = new PlannedRollout("rollout-of-now", app.Current!, [], []) });
        await host.Catalog.UpdateAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(Pool), _ => begun, CancellationToken.None);

        var reply = await host.Get<RequestHandler>().HandleAsync(Ask(RequestVerb.Pause, "pause"), CancellationToken.None);

        Assert.Equal((false, ErrorCodes.StateConflict), (reply.IsAccepted, reply.Code));
        Assert.Contains("ask again", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PausedRollout_BeginsNoFurtherPhaseUntilItIsResumed()
    {
        await using var host = await FleetAsync();
        var requests = host.Get<RequestHandler>();
        host.Bus.Answers = command =>
        {
            if (command is { Kind: CommandKind.Register, Host: "a" })
            {
                var reply = requests.HandleAsync(Ask(RequestVerb.Pause, "pause"), CancellationToken.None).Result;
                Assert.True(reply.IsAccepted, reply.Message);
            }

            return MemoryBus.Succeeded(command);
        };
        await host.PublishAsync("1.msix", Packages.Sample(version: "1.0.0.0"));
        await Eventually.IsTrueAsync(
            () => host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts) is [{ State: RolloutState.Paused }], "the rollout is paused");
        Assert.DoesNotContain(host.Bus.Commands, sent => sent.Host is "d" or "e");

        Assert.True((await requests.HandleAsync(Ask(RequestVerb.Resume, "resume"), CancellationToken.None)).IsAccepted);
        await host.AllRolloutsAsync();

        AssertEverywhere(host, Plan(host).Current!.Package);
    }

    [Fact]
    public async Task RolloutThatARequestedAssignmentWants_IsTheSameWhoeverMissesIt()
    {
        await using var host = await FleetAsync();
        var key = AssignmentRecord.KeyOf("*", Pool);
        var entry = await host.Catalog.ReadAsync<AssignmentRecord>(DocumentKinds.Assignments, key, default);
        await host.Catalog.DeleteAsync(DocumentKinds.Assignments, key, default);
        await host.PublishAsync("1.msix", Packages.Sample(version: "1.0.0.0"));
        await host.Catalog.WriteAsync(
            DocumentKinds.Assignments, key, entry!.Document with { Request = "assign", RequestedBy = "request assign of /test" }, null, default);

        var starter = host.Get<RolloutStarter>();
        var missed = await Task.WhenAll(starter.StartMissingAsync(Pool, CancellationToken.None), starter.StartMissingAsync(Pool, CancellationToken.None));

        var id = RolloutIds.Of(
            Packages.SampleFullName.Replace("1.2.3.4", "1.0.0.0", StringComparison.Ordinal),
            host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single().Image!.Digest,
            Pool,
            "assign");
        Assert.All(missed, ids => Assert.Equal([id], ids));
        await host.EndAsync<RunRolloutResult>(id);
        var rollout = Assert.Single(host.Catalog.All<RolloutRecord>(DocumentKinds.Rollouts));
        Assert.Contains("assigned by request assign of /test", rollout.RequestedBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnassignedFamily_LeavesEveryHost()
    {
        await using var host = await FleetAsync();
        await ReleaseAsync(host, "1.0.0.0");

        var reply = await host.Get<RequestHandler>().HandleAsync(Ask(RequestVerb.Unassign, "u") with { Family = "*" }, CancellationToken.None);

        Assert.True(reply.IsAccepted, reply.Message);
        Assert.Empty(host.Bus.Inventory);
    }

    [Fact]
    public async Task UnfitHost_IsNamedAndNeverAsked()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        await host.HelloAsync("a", Pool);

        await host.PublishAsync("1.msix", Packages.Sample(architecture: "arm64"));
        await host.AllRolloutsAsync();

        var member = host.Catalog.All<RolloutBatch>(DocumentKinds.RolloutHosts).Single().Hosts.Single();
        Assert.Equal((HostProgress.Unfit, ErrorCodes.HostUnfit), (member.Progress, member.Code));
        Assert.Contains("arm64", member.Message, StringComparison.Ordinal);
        Assert.Empty(host.Bus.Commands);
    }

    [Fact]
    public async Task HostThatIsLongGone_TakesPartInNoRollout_AndGetsTheReleaseWhenItComesBack()
    {
        await using var host = await FleetAsync();
        host.Clock.Advance(new PipelineOptions { Pools = [] }.HostGoneAfter + TimeSpan.FromHours(1));
        foreach (var name in (string[])["b", "c", "d", "e"])
        {
            await host.HelloAsync(name, Pool);
        }

        var rollout = await ReleaseAsync(host, "1.0.0.0");

        Assert.Equal(RolloutState.Completed, rollout.State);
        Assert.Equal(
            ["b", "c", "d", "e"],
            host.Catalog.All<RolloutBatch>(DocumentKinds.RolloutHosts).SelectMany(batch => batch.Hosts).Select(member => member.Host).Order(StringComparer.Ordinal));

        await host.HelloAsync("a", Pool);

        AssertEverywhere(host, rollout.Package);
    }

    private static PipelineRequest Ask(RequestVerb verb, string id) =>
        new() { Id = id, Verb = verb, RequestedBy = "/test", Family = Packages.SampleFamily, Pool = Pool };

    private static AppPlan Plan(PipelineTestHost host) =>
        host.Catalog.Find<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(Pool))!.Find(Packages.SampleFamily)!;

    /// <summary>Five hosts: a, b and c in the first ring, d and e in the second.</summary>
    private static async Task<PipelineTestHost> FleetAsync(GateDefinition? gate = null, params IReadOnlyList<MaintenanceWindow> windows)
    {
        var host = new PipelineTestHost("east");
        var key = AssignmentRecord.KeyOf("*", Pool);
        var entry = await host.Catalog.ReadAsync<AssignmentRecord>(DocumentKinds.Assignments, key, default);
        var assignment = entry!.Document with
        {
            Rings = [new RingDefinition { Name = "first", Hosts = ["a", "b", "c"] }, new RingDefinition { Name = "rest" }], Gate = gate, Windows = windows,
        };
        await host.Catalog.WriteAsync(DocumentKinds.Assignments, key, assignment, entry.ETag, default);
        await host.StartAsync();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await host.HelloAsync(name, Pool);
        }

        return host;
    }

    /// <summary>Publishes a version and waits for the end of its rollout and for what its hosts do then.</summary>
    private static async Task<RolloutRecord> ReleaseAsync(PipelineTestHost host, string version)
    {
        await host.PublishAsync(version + ".msix", Packages.Sample(version: version));
        var id = RolloutIds.Of(
            Packages.SampleFullName.Replace("1.2.3.4", version, StringComparison.Ordinal),
            host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single(release => release.Package.Version == version).Image!.Digest,
            Pool,
            request: null);
        await host.EndAsync<RunRolloutResult>(id);
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await host.HelloAsync(name, Pool);
        }

        return host.Catalog.Find<RolloutRecord>(DocumentKinds.Rollouts, id)!;
    }

    private static void AssertEverywhere(PipelineTestHost host, PackageReference package) => AssertHas(host, package, "a", "b", "c", "d", "e");

    private static void AssertHas(PipelineTestHost host, PackageReference package, params string[] hosts)
    {
        foreach (var name in hosts)
        {
            var item = Assert.Single(host.Bus.InventoryOf(name));
            Assert.Equal(package.FullName, item.PackageFullName);
            Assert.NotEmpty(item.RegisteredUsers);
        }
    }
}

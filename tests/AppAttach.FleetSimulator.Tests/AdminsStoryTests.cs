using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Hosting;
using AppAttach.FleetSimulator.Clocks;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.FleetSimulator.Running;
using AppAttach.Pipeline;

namespace AppAttach.FleetSimulator.Tests;

/// <summary>What an admin lives through: everything is asked and heard over the bus, with the key of another system.</summary>
public sealed class AdminsStoryTests
{
    private const string Pool = "office";
    private const string SecondPool = "plant";
    private const string System = "helpdesk";
    private const string App = "Contoso.Editor";
    private static readonly string[] Pilots = ["host-0", "host-1", "host-2"];
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private static readonly PackageReference Good = FleetFolder.PackageOf(App, "1.0.0.0");
    private static readonly PackageReference Bad = FleetFolder.PackageOf(App, "2.0.0.0");
    private static readonly PackageReference Fixed = FleetFolder.PackageOf(App, "3.0.0.0");
    private static readonly PackageReference Viewer = FleetFolder.PackageOf("Contoso.Viewer", "1.0.0.0");

    [Fact]
    public async Task BadRelease_StopsAtThePilotsGoesBackAndIsFollowedByTheFixedOne()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var office = await Office.OpenAsync();
        var (folder, fleet, admin, clock, time) = office;
        fleet.Start(fleet.Hosts);

        // The editor is for everyone in the office, pilots first.
        await folder.ReleaseAsync(Good, clock.GetUtcNow());
        Assert.True(await AskAsync(admin, time, RequestVerb.Assign, Assignment(), stop));
        await HearAsync(admin, time, MessageTypes.RolloutCompleted, stop);
        Assert.True(await time.PassUntilAsync(() => Task.FromResult(fleet.Hosts.All(host => HasOnly(host, Good))), Patience, stop));

        // Version 2 cannot be registered on two of the three pilots.
        await folder.ReleaseAsync(Bad, clock.GetUtcNow());
        fleet.Spoil(Bad.FullName, CommandKind.Register, host => host is "host-0" or "host-1");
        Assert.True(await AskAsync(admin, time, RequestVerb.StartRollout, Rollout(Bad), stop));

        // The office is told that it stopped, and why, and that the pilots go back.
        var halted = await HearAsync(admin, time, MessageTypes.RolloutHalted, stop);
        Assert.Equal(Bad.FullName, (string?)halted["package"]!["fullName"]);
        Assert.Equal(ErrorCodes.GateBroken, (string?)halted["code"]);
        Assert.Contains($"Hosts go back to {Good.FullName}", (string?)halted["message"], StringComparison.Ordinal);
        Assert.True(await time.PassUntilAsync(() => Task.FromResult(fleet.Hosts.All(host => HasOnly(host, Good))), Patience, stop));

        // Nobody but the pilots was ever asked to do anything with it.
        Assert.Equal(Pilots, fleet.Commands.Where(command => command.Package?.FullName == Bad.FullName).Select(command => command.Host).Distinct().Order(StringComparer.Ordinal));

        // One message later the fixed version goes to all.
        await folder.ReleaseAsync(Fixed, clock.GetUtcNow());
        Assert.True(await AskAsync(admin, time, RequestVerb.StartRollout, Rollout(Fixed), stop));
        var completed = await HearAsync(admin, time, MessageTypes.RolloutCompleted, stop);
        Assert.Equal(Fixed.FullName, (string?)completed["package"]!["fullName"]);
        Assert.True(await time.PassUntilAsync(() => Task.FromResult(fleet.Hosts.All(host => HasOnly(host, Fixed))), Patience, stop));
        Assert.Empty(await new FleetAudit(folder, fleet).FindViolationsAsync());
    }

    [Fact]
    public async Task AppForEveryone_NarrowedToAGroupAndThenToOneUser_IsTakenFromTheOthers()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var office = await Office.OpenAsync();
        var (folder, fleet, admin, clock, time) = office;
        fleet.Start(fleet.Hosts);
        await folder.ReleaseAsync(Good, clock.GetUtcNow());
        Assert.True(await AskAsync(admin, time, RequestVerb.Assign, Assignment(), stop));
        await HearAsync(admin, time, MessageTypes.RolloutCompleted, stop);

        // First the finance department and its auditor keep it, then the auditor alone, then everyone has it again.
        foreach (var users in (string[][])[["S-1-5-21-1-1200", "S-1-5-21-1-1001"], ["S-1-5-21-1-1001"], []])
        {
            var asked = fleet.Commands.Count;
            Assert.True(await AskAsync(admin, time, RequestVerb.Assign, Assignment(users), stop));
            Assert.True(await time.PassUntilAsync(
                () => Task.FromResult(fleet.Hosts.All(host => HasOnly(host, Good) && host.Machine.Staged[0].RegisteredFor!.SequenceEqual(users))), Patience, stop));

            // All hosts hear of it and of nothing else (of it twice, where a hello and the request were looked at in the same moment), and then of nothing more.
            await time.PassAsync(TimeSpan.FromHours(1), stop);
            var heard = fleet.Commands.Skip(asked).ToList();
            Assert.All(heard, command => Assert.Equal([$"{CommandKind.Register}", .. users], [$"{command.Kind}", .. command.Users]));
            Assert.Equal(fleet.Hosts.Select(host => host.Name), heard.Select(command => command.Host).Distinct().Order(StringComparer.Ordinal));
            await time.PassAsync(TimeSpan.FromHours(1), stop);
            Assert.Equal(asked + heard.Count, fleet.Commands.Count);
        }

        Assert.Empty(await new FleetAudit(folder, fleet).FindViolationsAsync());
    }

    [Fact]
    public async Task HostOfTwoPools_HasTheAppsOfBoth_AndIsLeftAloneByTheSecondPoolsRolloutOfWhatTheFirstHas()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var office = await Office.OpenAsync();
        var (folder, fleet, admin, clock, time) = office;
        var both = fleet.Hosts[8];
        both.AlsoIn = [SecondPool];
        fleet.Start(fleet.Hosts);
        foreach (var package in (PackageReference[])[Good, Viewer])
        {
            await folder.ReleaseAsync(package, clock.GetUtcNow());
        }

        // The office has version 1 of the editor; the plant has version 2 of it for its own people, and a viewer.
        Assert.True(await AskAsync(admin, time, RequestVerb.Assign, Assignment("S-1-5-21-1-1200"), stop));
        await HearAsync(admin, time, MessageTypes.RolloutCompleted, stop);
        await folder.ReleaseAsync(Fixed, clock.GetUtcNow());
        foreach (var (family, users) in ((string, string[])[])[(Viewer.FamilyName, []), (Fixed.FamilyName, ["S-1-5-21-1-1300"])])
        {
            var plant = Assignment(users);
            (plant["family"], plant["pool"]) = (family, SecondPool);
            Assert.True(await AskAsync(admin, time, RequestVerb.Assign, plant, stop));
            await HearAsync(admin, time, MessageTypes.RolloutCompleted, stop);
        }

        IReadOnlyList<string> unfinished = [];
        async Task SettleAsync()
        {
            var audit = new FleetAudit(folder, fleet);
            Assert.True(
                await time.PassUntilAsync(async () => (unfinished = await audit.FindUnfinishedAsync()).Count == 0, Patience, stop), string.Join('\n', unfinished));
        }

        await SettleAsync();
        Assert.Equal([Good, Viewer], both.Machine.Staged.Select(item => item.Package).OrderBy(package => package.FullName, StringComparer.Ordinal));
        Assert.Equal(["S-1-5-21-1-1200", "S-1-5-21-1-1300"], both.Machine.Staged.Single(item => item.Package == Good).RegisteredFor!.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(fleet.Commands, command => command.Package == Fixed && command.Host == both.Name);

        // Settled, nothing is sent any more; and when the office gives the editor up, the host has it from the plant.
        var commands = fleet.Commands.Count;
        await time.PassAsync(TimeSpan.FromHours(2), stop);
        Assert.Equal(commands, fleet.Commands.Count);
        Assert.True(await AskAsync(admin, time, RequestVerb.Unassign, new JsonObject { ["family"] = Good.FamilyName, ["pool"] = Pool }, stop));
        await SettleAsync();
        Assert.Equal(["S-1-5-21-1-1300"], both.Machine.Staged.Single(item => item.Package == Fixed).RegisteredFor!);

        // It leaves the plant.
        both.AlsoIn = [];
        await SettleAsync();
        Assert.Empty(both.Machine.Staged);
        Assert.Empty(await new FleetAudit(folder, fleet).FindViolationsAsync());
    }

    private static EmbeddedSettings Settings() => new()
    {
        Regions = [FleetFolder.Region],
        Pools = [new PoolOptions(Pool, FleetFolder.Region), new PoolOptions(SecondPool, FleetFolder.Region)],
        Hosts = [.. Enumerable.Range(0, 9).Select(host => new HostSettings($"host-{host}", Pool))],
        Systems = [System],
        Assignments = [],
    };

    private static bool HasOnly(SimulatedHost host, PackageReference package) =>
        host.Machine.Staged is [{ RegisteredFor: not null } only] && only.Package == package;

    private static JsonObject Assignment(params string[] users) => new()
    {
        ["family"] = Good.FamilyName,
        ["pool"] = Pool,
        ["users"] = new JsonArray([.. users.Select(user => JsonValue.Create(user))]),
        ["rings"] = new JsonArray(
            new JsonObject { ["name"] = "pilots", ["hosts"] = new JsonArray([.. Pilots.Select(host => JsonValue.Create(host))]) },
            new JsonObject { ["name"] = "rest" }),
        ["gate"] = new JsonObject { ["maxFailedPercent"] = 34, ["deadline"] = "00:10:00", ["soak"] = "00:05:00" },
    };

    private static JsonObject Rollout(PackageReference package) => new() { ["package"] = package.FullName, ["pool"] = Pool };

    /// <summary>
    /// Asks, and waits for the answer. An earlier one may come again: the clock may skip past a message's lock while it is handled, and it is handled
    /// twice then.
    /// </summary>
    private static async Task<bool> AskAsync(FleetAdmin admin, ClockDriver time, RequestVerb verb, JsonObject data, CancellationToken stop)
    {
        var id = await admin.AskAsync(verb, data, stop, BusSetup.RepliesQueue(System));
        JsonNode? reply = null;
        Assert.True(await time.PassUntilAsync(
            async () =>
            {
                while ((reply = await TakeAsync(admin, BusSetup.RepliesQueue(System), stop)) is not null && (string?)reply["data"]!["requestId"] != id)
                {
                }

                return reply is not null;
            },
            Patience,
            stop,
            TimeSpan.FromSeconds(10)));
        return (bool)reply!["data"]!["isAccepted"]!;
    }

    /// <summary>Listens until there is an event of a type.</summary>
    private static async Task<JsonNode> HearAsync(FleetAdmin admin, ClockDriver time, string type, CancellationToken stop)
    {
        JsonNode? heard = null;
        Assert.True(await time.PassUntilAsync(
            async () =>
            {
                while ((heard = await TakeAsync(admin, $"{BusEntities.Events}/subscriptions/{System}", stop)) is not null && (string?)heard["type"] != type)
                {
                }

                return heard is not null;
            },
            Patience,
            stop));
        return heard!["data"]!;
    }

    private static async Task<JsonNode?> TakeAsync(FleetAdmin admin, string entity, CancellationToken stop) =>
        await admin.TakeAsync(entity, TimeSpan.Zero, stop) is { } body ? JsonNode.Parse(body) : null;

    /// <summary>The fleet that the stories are about, with a clock that skips, and its hosts off.</summary>
    private sealed class Office(FleetFolder folder, ServerInProcess server, Fleet fleet, SkippingClock clock) : IAsyncDisposable
    {
        public static async Task<Office> OpenAsync()
        {
            var clock = new SkippingClock();
            var folder = new FleetFolder(Settings());
            var server = await ServerInProcess.StartAsync(folder.Path, clock);
            var fleet = new Fleet(server.Address, clock, 1, Faults.None);
            folder.Populate(fleet);
            return new Office(folder, server, fleet, clock);
        }

        public void Deconstruct(out FleetFolder itsFolder, out Fleet itsFleet, out FleetAdmin admin, out SkippingClock itsClock, out ClockDriver time) =>
            (itsFolder, itsFleet, admin, itsClock, time) =
            (folder, fleet, fleet.Admin(BusAccess.SystemKeyName(System), folder.ReadSystemKey(System)), clock, new ClockDriver(clock, fleet));

        public async ValueTask DisposeAsync()
        {
            await fleet.DisposeAsync();
            await server.DisposeAsync();
            folder.Dispose();
        }
    }
}

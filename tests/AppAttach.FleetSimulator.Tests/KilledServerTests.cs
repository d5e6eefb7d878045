using System.Globalization;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Hosting;
using AppAttach.FleetSimulator.Clocks;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.FleetSimulator.Running;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.FleetSimulator.Tests;

/// <summary>The embedded host's process is killed again and again while a release goes to 200 hosts in rings.</summary>
public sealed class KilledServerTests
{
    private const string Pool = "office";
    private const string App = "Contoso.Editor";
    private const int Hosts = 200;

    /// <summary>So close to the rollout's end nobody kills: it could be over before the kill comes.</summary>
    private const int LastCommands = 40;

    /// <summary>A minute of the fleet is a second here.</summary>
    private const int Speed = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("APPATTACH_FLEET_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 20;

    [Fact]
    public async Task KilledDuringARollout_TheRolloutComesToItsEnd()
    {
        var stop = TestContext.Current.CancellationToken;
        var clock = new FastClock(DateTimeOffset.UtcNow, Speed);
        using var folder = new FleetFolder(new EmbeddedSettings
        {
            Regions = [FleetFolder.Region],
            Pools = [new PoolOptions(Pool, FleetFolder.Region)],
            Hosts = [.. Enumerable.Range(0, Hosts).Select(host => new HostSettings($"host-{host}", Pool))],
            Assignments = [],
        });
        await using var server = new ServerProcess(folder.Path, clock);
        await server.StartAsync();
        await using var fleet = new Fleet(server.Address, clock, 1, new Faults { LongestLatency = TimeSpan.FromSeconds(20) });
        folder.Populate(fleet);
        fleet.Start(fleet.Hosts);
        await UntilAsync(async () => (await folder.ListAsync<HostRecord>(DocumentKinds.Hosts)).Count == Hosts, stop);
        var package = FleetFolder.PackageOf(App, "1.0.0.0");
        await folder.ReleaseAsync(package, clock.GetUtcNow());
        var admin = fleet.Admin(BusAccess.RootKeyName, folder.ReadRootKey());

        // Being assigned, what is released already starts to go out.
        await admin.AskAsync(RequestVerb.Assign, Assignment(package), stop);

        // Kills are spread over the commands that the rollout needs, two a host, not over time: on a slow machine it is under way just as often.
        var random = new Random(1);
        foreach (var commands in Enumerable.Range(0, Kills).Select(_ => random.Next(1, 2 * Hosts - LastCommands)).Order().ToList())
        {
            await UntilAsync(() => Task.FromResult(fleet.Outcomes.Count >= commands), stop);
            Assert.True(fleet.Outcomes.Count >= commands, $"The rollout stands still after {fleet.Outcomes.Count} outcomes.");
            await server.KillAsync();
            var rollout = Assert.Single(await folder.ListAsync<RolloutRecord>(DocumentKinds.Rollouts));
            Assert.Equal(RolloutState.Running, rollout.State);
            await server.StartAsync();
        }

        var audit = new FleetAudit(folder, fleet);
        IReadOnlyList<string> unfinished = [];
        await UntilAsync(async () => (unfinished = await audit.FindUnfinishedAsync()).Count == 0, stop);
        string[] wrong = [.. unfinished, .. await audit.FindViolationsAsync()];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.All(await folder.ListAsync<RolloutRecord>(DocumentKinds.Rollouts), rollout => Assert.Equal(RolloutState.Completed, rollout.State));
    }

    /// <summary>Waits until something is so, for as long as the limit; what is not so then, assertions say.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isReached, CancellationToken stop)
    {
        var end = DateTime.UtcNow + Limit;
        while (!await isReached() && DateTime.UtcNow < end)
        {
            await Task.Delay(20, stop);
        }
    }

    private static JsonObject Assignment(PackageReference package) => new()
    {
        ["family"] = package.FamilyName,
        ["pool"] = Pool,
        ["rings"] = new JsonArray(
            new JsonObject { ["name"] = "first", ["percent"] = 10 },
            new JsonObject { ["name"] = "some", ["percent"] = 40 },
            new JsonObject { ["name"] = "rest" }),
        ["gate"] = new JsonObject { ["maxFailedPercent"] = 10, ["deadline"] = "02:00:00", ["soak"] = "00:01:00" },
    };
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Hosting;
using AppAttach.FleetSimulator.Clocks;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;

namespace AppAttach.FleetSimulator.Running;

/// <summary>
/// <c>scale HOSTS…</c>: hosts that have three apps get four more one after the other, each in four rings, from an embedded host in a process of its own; the simulated
/// hosts take no time for what they are asked, so what is measured is the pipeline, the bus, and the simulator itself. The first rollout after a start compiles the code
/// that rollouts go through, once, for few hosts as for many: it is measured apart. Of the others the one in the middle counts.
/// </summary>
internal static class ScaleCommand
{
    private const string Pool = "office";
    private const int AppsBefore = 3;
    private const int WarmRollouts = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Measures fleets of the sizes given, and prints a line of a table for each.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        await Console.Out.WriteLineAsync("| hosts | all known after, s | first rollout, s | later ones, s | hosts a second | ms a host | host's processor time, s | the same, ms a host | simulator's, s | host's peak memory, MiB | catalog, bus, engine, MiB | longest history: events, KiB |");
        await Console.Out.WriteLineAsync("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var argument in arguments)
        {
            await Console.Out.WriteLineAsync(await MeasureAsync(int.Parse(argument, CultureInfo.InvariantCulture)));
        }

        return 0;
    }

    private static async Task<string> MeasureAsync(int hosts)
    {
        var clock = new FastClock(DateTimeOffset.UtcNow, 1);
        using var folder = new FleetFolder(new EmbeddedSettings
        {
            Regions = [FleetFolder.Region],
            Pools = [new PoolOptions(Pool, FleetFolder.Region)],
            Hosts = [.. Enumerable.Range(0, hosts).Select(host => new HostSettings(string.Create(CultureInfo.InvariantCulture, $"host-{host:00000}"), Pool))],
            Assignments = [.. Enumerable.Range(0, AppsBefore).Select(app => new AssignmentRecord(App(app).FamilyName, Pool, []))],
        });
        for (var app = 0; app < AppsBefore + 1 + WarmRollouts; app++)
        {
            await folder.ReleaseAsync(App(app), clock.GetUtcNow());
        }

        var plan = new PoolPlan(Pool)
        {
            Apps = [.. Enumerable.Range(0, AppsBefore).Select(app => new AppPlan(App(app).FamilyName) { Current = folder.PlannedOf(App(app)) })],
        };
        await folder.Catalog.WriteAsync(DocumentKinds.Plans, PoolPlan.KeyOf(Pool), plan, null, CancellationToken.None);

        await using var server = new ServerProcess(folder.Path, clock);
        await server.StartAsync();
        await using var fleet = new Fleet(server.Address, clock, 1, Faults.None);
        folder.Populate(fleet);
        foreach (var (host, app) in fleet.Hosts.SelectMany(host => Enumerable.Range(0, AppsBefore).Select(app => (host, app))))
        {
            host.Machine.Put(new StagedPackage(App(app), folder.PlannedOf(App(app)).Image, []));
        }

        var started = Stopwatch.GetTimestamp();
        fleet.Start(fleet.Hosts);
        await WaitAsync(async () => (await folder.ListAsync<HostRecord>(DocumentKinds.Hosts)).Count == hosts, TimeSpan.FromSeconds(1));
        var known = Stopwatch.GetElapsedTime(started);

        var admin = fleet.Admin(BusAccess.RootKeyName, folder.ReadRootKey());
        var first = await RollOutAsync(folder, admin, AppsBefore);
        var (serverBefore, simulatorBefore) = (server.ProcessorTime, Environment.CpuUsage.TotalTime);
        var later = new List<TimeSpan>();
        for (var app = AppsBefore + 1; app <= AppsBefore + WarmRollouts; app++)
        {
            later.Add(await RollOutAsync(folder, admin, app));
        }

        var took = later.Order().ElementAt(WarmRollouts / 2);
        var (serverTime, simulatorTime) = ((server.ProcessorTime - serverBefore) / WarmRollouts, (Environment.CpuUsage.TotalTime - simulatorBefore) / WarmRollouts);
        var wrong = await new FleetAudit(folder, fleet).FindViolationsAsync();
        if (wrong.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', wrong));
        }

        var sizes = string.Join(", ", ((string[])["catalog", "bus", "engine"]).Select(name => Mebibytes(folder.StateFiles(name).Sum(file => file.Length))));
        var (events, historyBytes) = folder.LongestHistory();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {hosts:N0} | {known.TotalSeconds:0.0} | {first.TotalSeconds:0.0} | {took.TotalSeconds:0.0} | {hosts / took.TotalSeconds:0} | {took.TotalMilliseconds / hosts:0.00} | {serverTime.TotalSeconds:0.0} | {serverTime.TotalMilliseconds / hosts:0.00} | {simulatorTime.TotalSeconds:0.0} | {Mebibytes(server.PeakMemoryBytes)} | {sizes} | {events}, {historyBytes / 1024.0:0} |");
    }

    /// <summary>Assigns an app to the whole fleet, and waits until it is there and all hosts have said so.</summary>
    /// <returns>How long it took until the rollout was completed.</returns>
    private static async Task<TimeSpan> RollOutAsync(FleetFolder folder, FleetAdmin admin, int app)
    {
        var started = Stopwatch.GetTimestamp();
        await admin.AskAsync(RequestVerb.Assign, Assignment(App(app)), CancellationToken.None);
        await WaitAsync(
            async () => (await folder.ListAsync<RolloutRecord>(DocumentKinds.Rollouts)).Exists(rollout => rollout.Package == App(app) && rollout.State == RolloutState.Completed), Look);
        var took = Stopwatch.GetElapsedTime(started);
        await WaitAsync(
            async () => (await folder.ListAsync<HostRecord>(DocumentKinds.Hosts)).TrueForAll(host => host.Hello.Inventory.Count(HostDifference.HasUsers) == app + 1), TimeSpan.FromSeconds(1));
        return took;
    }

    private static string Mebibytes(long bytes) => (bytes / (1024.0 * 1024)).ToString("0.0", CultureInfo.InvariantCulture);

    private static PackageReference App(int number) => FleetFolder.PackageOf(string.Create(CultureInfo.InvariantCulture, $"Contoso.App{number}"), "1.0.0.0");

    private static JsonObject Assignment(PackageReference app) => new()
    {
        ["family"] = app.FamilyName,
        ["pool"] = Pool,
        ["rings"] = new JsonArray(
            new JsonObject { ["name"] = "first", ["percent"] = 5 }, new JsonObject { ["name"] = "second", ["percent"] = 15 },
            new JsonObject { ["name"] = "third", ["percent"] = 30 }, new JsonObject { ["name"] = "rest" }),
        ["gate"] = new JsonObject { ["maxFailedPercent"] = 1, ["deadline"] = "00:30:00" },
    };

    private static async Task WaitAsync(Func<Task<bool>> isReached, TimeSpan look)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isReached())
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"It did not come to its end within {Limit}.");
            }

            await Task.Delay(look);
        }
    }
}

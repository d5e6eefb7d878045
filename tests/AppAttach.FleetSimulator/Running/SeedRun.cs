using System.Text.Json;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.FleetSimulator.Clocks;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Retention;

namespace AppAttach.FleetSimulator.Running;

/// <summary>
/// A fleet of two pools and an admin who releases, pauses, goes back, assigns, retires … while hosts fail in every way; then nothing
/// goes wrong any more, and everything must come to its end. All of it is drawn from the seed; threads still take their turns freely.
/// </summary>
internal sealed class SeedRun
{
    private static readonly string[] Pools = ["office", "plant"];
    private static readonly string[] Apps = ["Contoso.Editor", "Contoso.Viewer"];
    private static readonly TimeSpan CalmLimit = TimeSpan.FromDays(4);

    private readonly Random _random;
    private readonly int _seed;
    private readonly List<PackageReference> _releases = [];
    private readonly List<string> _story = [];

    private SeedRun(int seed) => (_seed, _random) = (seed, new Random(seed));

    /// <summary>Runs a seed to its end.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What is not as it must be, with the story; null: all is well.</returns>
    public static async Task<string?> RunAsync(int seed, CancellationToken cancellationToken)
    {
        var run = new SeedRun(seed);
        var clock = new SkippingClock();
        using var folder = new FleetFolder(run.DrawSettings());
        await using var server = await ServerInProcess.StartAsync(folder.Path, clock);
        await using var fleet = new Fleet(server.Address, clock, seed, Faults.Many);
        folder.Populate(fleet);
        foreach (var host in fleet.Hosts.Where(_ => run._random.Next(4) == 0))
        {
            host.AlsoIn = [run.Draw(Pools)];
        }

        return await run.LiveAsync(folder, fleet, clock, cancellationToken);
    }

    private async Task<string?> LiveAsync(FleetFolder folder, Fleet fleet, SkippingClock clock, CancellationToken cancellationToken)
    {
        var driver = new ClockDriver(clock, fleet);
        var admin = fleet.Admin(Embedded.Bus.Access.BusAccess.RootKeyName, folder.ReadRootKey());
        var audit = new FleetAudit(folder, fleet);
        fleet.Start(fleet.Hosts);
        foreach (var (pool, app) in Pools.SelectMany(pool => Apps.Select(app => (pool, app))))
        {
            await AskAsync(admin, RequestVerb.Assign, Assignment(pool, app), cancellationToken);
        }

        for (var step = _random.Next(6, 14); step > 0; step--)
        {
            await ActAsync(folder, fleet, admin, clock, cancellationToken);
            await driver.PassAsync(TimeSpan.FromSeconds(_random.Next(20, 420)), cancellationToken);
        }

        fleet.Faults = Faults.None;
        fleet.Mend();
        foreach (var (pool, app) in Pools.SelectMany(pool => Apps.Select(app => (pool, app))))
        {
            await AskAsync(admin, RequestVerb.Resume, Target(pool, app), cancellationToken);
        }

        IReadOnlyList<string> unfinished = [];
        await driver.PassUntilAsync(async () => (unfinished = await audit.FindUnfinishedAsync()).Count == 0, CalmLimit, cancellationToken, TimeSpan.FromMinutes(5));
        string[] wrong = [.. unfinished, .. await audit.FindViolationsAsync()];
        return wrong.Length == 0 ? null : $"seed {_seed}:\n  {string.Join("\n  ", wrong)}\nThe story was:\n  {string.Join("\n  ", _story)}";
    }

    private EmbeddedSettings DrawSettings() => new()
    {
        Regions = [FleetFolder.Region],
        Pools = [.. Pools.Select(pool => new PoolOptions(pool, FleetFolder.Region))],
        Hosts = [.. Enumerable.Range(0, _random.Next(5, 13)).Select(host => new HostSettings($"host-{host}", Pools[host % 3 / 2]))],
        Assignments = [],
        Retention = new RetentionPolicy { IsOn = _random.Next(2) == 0, KeepLast = 1, Grace = TimeSpan.FromMinutes(40) },
    };

    private JsonObject Assignment(string pool, string app) => new()
    {
        ["family"] = FleetFolder.PackageOf(app, "1.0.0.0").FamilyName,
        ["pool"] = pool,
        ["users"] = _random.Next(3) == 0 ? new JsonArray($"S-1-5-21-{_random.Next(3)}") : new JsonArray(),
        ["rings"] = _random.Next(4) == 0 ? new JsonArray() : new JsonArray(
            new JsonObject { ["name"] = "first", ["hosts"] = new JsonArray("host-0", "host-1", "host-2") },
            new JsonObject { ["name"] = "some", ["percent"] = 40 },
            new JsonObject { ["name"] = "rest" }),
        ["gate"] = new JsonObject
        {
            ["maxFailedPercent"] = 34, ["deadline"] = "00:06:00", ["soak"] = _random.Next(2) == 0 ? "00:00:00" : "00:02:00", ["countsSilent"] = _random.Next(2) == 0,
        },
    };

    private static JsonObject Target(string pool, string app) => new() { ["family"] = FleetFolder.PackageOf(app, "1.0.0.0").FamilyName, ["pool"] = pool };

    private async Task ActAsync(FleetFolder folder, Fleet fleet, FleetAdmin admin, SkippingClock clock, CancellationToken cancellationToken)
    {
        var (pool, app) = (Draw(Pools), Draw(Apps));
        switch (_random.Next(12))
        {
            case < 5:
                await ReleaseAsync(folder, fleet, clock, app);
                await AskAsync(admin, RequestVerb.StartRollout, new JsonObject { ["package"] = _releases[^1].FullName, ["pool"] = pool }, cancellationToken);
                break;
            case 5:
                await AskAsync(admin, RequestVerb.Pause, Target(pool, app), cancellationToken);
                break;
            case 6:
                await AskAsync(admin, RequestVerb.Resume, Target(pool, app), cancellationToken);
                break;
            case 7:
                await AskAsync(admin, RequestVerb.RollBack, Target(pool, app), cancellationToken);
                break;
            case 8 when _releases.Count > 0:
                await AskAsync(admin, RequestVerb.Retire, new JsonObject { ["package"] = Draw(_releases).FullName }, cancellationToken);
                break;
            case 9:
                await AskAsync(admin, RequestVerb.Unassign, Target(pool, app), cancellationToken);
                break;
            case 10:
                var host = fleet.Hosts[_random.Next(fleet.Hosts.Count)];
                var also = _random.Next(3) == 0 ? new[] { Draw(Pools) } : [];
                _story.Add($"{clock.GetUtcNow():HH:mm} {host.Name} moves from {host.Pool}+{string.Join('+', host.AlsoIn)} to {pool}+{string.Join('+', also)}");
                (host.Pool, host.AlsoIn) = (pool, also);
                break;
            default:
                await AskAsync(admin, RequestVerb.Assign, Assignment(pool, app), cancellationToken);
                break;
        }
    }

    private async Task ReleaseAsync(FleetFolder folder, Fleet fleet, SkippingClock clock, string app)
    {
        var package = FleetFolder.PackageOf(app, $"{_releases.Count + 1}.0.0.0");
        _releases.Add(package);
        var isBad = _random.Next(4) == 0;
        _story.Add($"{clock.GetUtcNow():HH:mm} {package.FullName} is there{(isBad ? ", and bad" : "")}");
        if (isBad)
        {
            fleet.Spoil(package.FullName, _random.Next(2) == 0 ? CommandKind.Stage : CommandKind.Register, host => (host[^1] & 1) == 0);
        }

        await folder.ReleaseAsync(package, clock.GetUtcNow());
    }

    private async Task AskAsync(FleetAdmin admin, RequestVerb verb, JsonObject data, CancellationToken cancellationToken) =>
        _story.Add($"{await admin.AskAsync(verb, data, cancellationToken)} {verb} {JsonSerializer.Serialize(data)}");

    private T Draw<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}

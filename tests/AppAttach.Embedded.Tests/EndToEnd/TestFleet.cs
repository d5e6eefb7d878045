using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Hosting;
using AppAttach.Embedded.Storage;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>
/// An embedded host and two listeners in processes of their own, in two regions, on one data folder. Any of the three can be killed
/// and started again; the records are read from outside meanwhile.
/// </summary>
internal sealed class TestFleet : IAsyncDisposable
{
    public const string PackageName = "package.msix";

    public static readonly IReadOnlyList<HostSettings> Hosts = [new HostSettings("host-north", "north-pool"), new HostSettings("host-south", "south-pool")];

    private const string HostProcess = "run";
    private const string User = "alice";

    // The drop's id is made of its time too: with the same time, each run has the same ids.
    private static readonly DateTime PackageTime = new(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, AppAttachProcess> _processes = [];
    private readonly string _url = $"http://127.0.0.1:{FreePort()}";
    private readonly SqliteCatalog _catalog;

    /// <summary>Prepares the data folder.</summary>
    public TestFleet()
    {
        Directory.CreateDirectory(PathOf("state"));
        Directory.CreateDirectory(PathOf("inbox"));
        new EmbeddedSettings
        {
            Regions = ["north", "south"],
            Pools = [new PoolOptions("north-pool", "north"), new PoolOptions("south-pool", "south")],
            Hosts = Hosts,
            Assignments =
            [
                new AssignmentRecord(AssignmentRecord.EveryFamily, "north-pool", [User]),
                new AssignmentRecord(AssignmentRecord.EveryFamily, "south-pool", [User]),
            ],
            CommandDeadline = TimeSpan.FromMinutes(10),
            Policy = new PackagePolicy { Signature = SignatureMode.Ignore },
        }.Save(Data);
        _catalog = new SqliteCatalog(PathOf("state", "catalog.db"));
    }

    /// <summary>How a host's listener mounts: <c>managed</c> or <c>fuse</c>.</summary>
    public Func<HostSettings, string> MounterOf { get; init; } = _ => "managed";

    public string Data => _folder.Path;

    public string PathOf(params string[] segments) => _folder.PathOf(segments);

    /// <summary>Starts the embedded host and waits until it answers.</summary>
    public async Task StartHostAsync()
    {
        LaunchHost();
        await WaitForHostAsync();
    }

    /// <summary>Waits until the embedded host answers.</summary>
    public async Task WaitForHostAsync()
    {
        await Eventually.IsTrueAsync(
            () => Host.HasEnded || Host.Output.Contains("Serving the data folder", StringComparison.Ordinal), "the host serves");
        Assert.False(Host.HasEnded, Host.Output + Host.Error);
    }

    /// <summary>Starts the embedded host and does not wait.</summary>
    public void LaunchHost() => _processes[HostProcess] = AppAttachProcess.Start("run", "--data", Data, "--urls", _url);

    public Task KillHostAsync() => Host.KillAsync();

    public void StartListener(HostSettings host)
    {
        var share = PathOf("shares", host.Pool.Split('-')[0]);
        _processes[host.Name] = AppAttachProcess.Start(
            "listener", "run", "--host", host.Name, "--pool", host.Pool, "--bus", _url, "--key-name", BusAccess.HostKeyName(host.Name),
            "--key-file", PathOf("keys", host.Name + ".key"), "--state", StateOf(host), "--share-root", share, "--mounter", MounterOf(host));
    }

    public Task KillListenerAsync(HostSettings host) => _processes[host.Name].KillAsync();

    /// <summary>Starts everything and waits until each host is known: from then on no run differs from another in who was first.</summary>
    public async Task StartAsync()
    {
        await StartHostAsync();
        foreach (var host in Hosts)
        {
            StartListener(host);
        }

        await Eventually.IsTrueAsync(
            async () => (await ListAsync<HostRecord>(DocumentKinds.Hosts)).Count(host => host.IsWelcomed) == Hosts.Count, "both hosts said hello");
    }

    /// <summary>Puts a package into the inbox, under its name only when it is whole.</summary>
    public async Task DropAsync(byte[] package)
    {
        var path = PathOf("inbox", PackageName);
        await File.WriteAllBytesAsync(path + ".part", package);
        File.SetLastWriteTimeUtc(path + ".part", PackageTime);
        File.Move(path + ".part", path);
    }

    public async Task<List<TDocument>> ListAsync<TDocument>(string kind)
        where TDocument : class
    {
        var documents = new List<TDocument>();
        await foreach (var entry in _catalog.ListAsync<TDocument>(kind, CancellationToken.None))
        {
            documents.Add(entry.Document);
        }

        return documents;
    }

    /// <summary>Files below a folder of the data folder, empty if there is no such folder.</summary>
    public IEnumerable<FileInfo> Files(string folder, string pattern) => Directory.Exists(PathOf(folder))
        ? new DirectoryInfo(PathOf(folder)).EnumerateFiles(pattern, SearchOption.AllDirectories)
        : [];

    /// <summary>Waits until nothing more is to happen, and describes everything that is left.</summary>
    public async Task<string> EndAsync(TimeSpan limit)
    {
        try
        {
            await Eventually.IsTrueAsync(IsAtItsEndAsync, "the package is registered everywhere", limit);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var said = _processes.Select(process =>
                $"{process.Key} ({(process.Value.HasEnded ? "has ended" : "runs")}) wrote:\n{process.Value.Output}{process.Value.Error}");
            Assert.Fail($"{e.Message}\n{string.Join('\n', said)}\n{await DescribeAsync()}");
        }

        return await DescribeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        foreach (var point in DemoFolder.MountsBelow(Data).Reverse())
        {
            await Judge.RunAsync("umount", "--lazy", point);
        }

        _catalog.Dispose();
        _folder.Dispose();
    }

    private AppAttachProcess Host => _processes[HostProcess];

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string StateOf(HostSettings host) => PathOf("hosts", host.Name);

    private async Task<bool> IsAtItsEndAsync()
    {
        var packages = await ListAsync<PackageRecord>(DocumentKinds.Packages);
        var rollouts = await ListAsync<RolloutRecord>(DocumentKinds.Rollouts);
        var hosts = await ListAsync<HostRecord>(DocumentKinds.Hosts);
        return packages.Count == 1 && packages[0].State == PackageState.Released
            && rollouts.Count == Hosts.Count && rollouts.All(rollout => rollout.State == RolloutState.Completed)
            && hosts.All(host => host.Hello.Inventory.Count == 1 && host.Hello.Inventory[0].IsMounted && host.Hello.Inventory[0].RegisteredUsers.Count == 1)
            && File.Exists(PathOf("inbox", PackageName + ".released.txt"));
    }

    /// <summary>Documents without times, mounters, free space and the commands that led there, files with their digests, registrations: equal for two runs that came to the same end.</summary>
    private async Task<string> DescribeAsync()
    {
        var lines = new List<string>();
        foreach (var kind in (string[])[DocumentKinds.Packages, DocumentKinds.Releases, DocumentKinds.Assignments, DocumentKinds.Rollouts, DocumentKinds.Hosts])
        {
            lines.AddRange((await ListAsync<JsonObject>(kind)).Select(document => $"{kind} {WithoutTimes(document)!.ToJsonString()}"));
        }

        foreach (var file in ((string[])["inbox", "images", "shares"]).SelectMany(folder => Files(folder, "*")).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            lines.Add($"{file.FullName} {await ImageJudge.DigestAsync(file.FullName)}");
        }

        lines.AddRange(Hosts.SelectMany(host => RegistrationFiles.Read(StateOf(host)).Select(entry => $"{host.Name}: {entry.User} has {entry.Package}")));
        return string.Join('\n', lines).Replace(Data, "DATA", StringComparison.Ordinal);
    }

    private static JsonNode? WithoutTimes(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject document:
                foreach (var (name, value) in document.ToList())
                {
                    if (name is "mounter" or "since" or "freeBytes" or "commands" || name.EndsWith("At", StringComparison.Ordinal))
                    {
                        document.Remove(name);
                    }
                    else
                    {
                        WithoutTimes(value);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    WithoutTimes(item);
                }

                break;
        }

        return node;
    }
}

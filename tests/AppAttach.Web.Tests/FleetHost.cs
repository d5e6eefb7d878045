using System.Text;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppAttach.Web.Tests;

/// <summary>An embedded host in this process with a fleet that tests write into its catalog.</summary>
internal sealed class FleetHost : IAsyncDisposable
{
    public const string Pool = "pool";
    public const string Region = "local";
    public const string Family = "Contoso.Sample_j8tmt7aeqvrx2";

    public static readonly DateTimeOffset Then = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly TemporaryFolder _folder;
    private readonly DataFolder _data;
    private readonly WebApplication _application;

    private FleetHost(TemporaryFolder folder, DataFolder data, WebApplication application)
    {
        (_folder, _data, _application) = (folder, data, application);
        Client = new HttpClient(new HttpClientHandler { UseCookies = false, CheckCertificateRevocationList = true }) { BaseAddress = Address };
    }

    public Uri Address => new(_application.Urls.Single() + "/");

    public HttpClient Client { get; }

    public ICatalog Catalog => _application.Services.GetRequiredService<ICatalog>();

    public string Inbox => _data.Inbox;

    public string Key(string role) => _data.ApiKey(role);

    public static async Task<FleetHost> StartAsync(bool allowsPlainHttp = true, long largestPackageBytes = 1 << 20)
    {
        var folder = new TemporaryFolder();
        var data = new DataFolder(folder.Path);
        var settings = new EmbeddedSettings
        {
            Regions = [Region],
            Pools = [new PoolOptions(Pool, Region)],
            Assignments = [],
            Policy = new PackagePolicy { Signature = SignatureMode.Ignore, MaximumPackageBytes = largestPackageBytes },
            AllowPlainHttp = allowsPlainHttp,
        };
        var application = await EmbeddedHost.CreateAsync(data, settings, "http://127.0.0.1:0", logging => logging.SetMinimumLevel(LogLevel.None));
        await application.StartAsync();
        return new FleetHost(folder, data, application);
    }

    public static PackageReference Package(string version = "1.0.0.0") => new($"Contoso.Sample_{version}_x64__j8tmt7aeqvrx2", Family, version, "x64");

    public static HostRecord Host(string name, string? note = null, DateTimeOffset? seen = null) => new(
        new HostHello
        {
            Host = name, Pool = Pool, ListenerVersion = "1.0", OperatingSystem = "Windows Server 2025", Architecture = "x64", Mounter = "native",
            Inventory = [], SentAt = seen ?? Then,
        },
        Then,
        seen ?? DateTimeOffset.UtcNow,
        IsWelcomed: true,
        note);

    public static PackageRecord Drop(string id, PackageState state = PackageState.Released) => new()
    {
        Id = id, Drop = id + ".msix", SizeBytes = 12_345, State = state, Package = Package(), StartedAt = Then, UpdatedAt = Then.AddMinutes(1),
    };

    public static ReleaseRecord Release(string version = "1.0.0.0") => new()
    {
        Package = Package(version),
        PackageDigest = new string('a', 64),
        Image = new ImageDescription("image.vhdx", new string('b', 64), 8 << 20, "vhdx", "apps", 12, 4 << 20),
        Copies = [new RegionCopy(Region, "/shares/local/image.vhdx", Then.AddSeconds(40))],
        ClaimedAt = Then.AddSeconds(20),
    };

    public Task WriteAsync<TDocument>(string kind, string key, TDocument document)
        where TDocument : class => Catalog.UpdateAsync<TDocument>(kind, key, _ => document, CancellationToken.None);

    /// <summary>Writes a host, with its place on the bus as its hello would make it.</summary>
    public async Task WriteHostAsync(HostRecord host)
    {
        await _application.Services.GetRequiredService<ICommandSender>().EnsureHostAsync(Pool, host.Hello.Host, CancellationToken.None);
        await WriteAsync(DocumentKinds.Hosts, host.Hello.Host, host);
    }

    /// <summary>A call as from another machine: the name it calls this host by is none that only this machine has.</summary>
    public async Task<HttpResponseMessage> CallFromAfarAsync(HttpMethod method, string path, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = "appattach.test";
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return await Client.SendAsync(request);
    }

    public async Task<HttpResponseMessage> AskAsync(string verb, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await Client.PostAsync(new Uri("api/v1/requests/" + verb, UriKind.Relative), content);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _data.Dispose();
        _folder.Dispose();
    }
}

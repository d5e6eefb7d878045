using AppAttach.Api;
using AppAttach.Api.Access;
using AppAttach.Api.Changes;
using AppAttach.Api.Ports;
using AppAttach.Embedded.Bus;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Bus.Rest;
using AppAttach.Embedded.Engine;
using AppAttach.Embedded.Inbox;
using AppAttach.Embedded.Shares;
using AppAttach.Embedded.Storage;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using Microsoft.Extensions.Logging.Console;

namespace AppAttach.Embedded.Hosting;

/// <summary>The whole of AppAttach on one data folder: engine, bus, inbox, shares and API in one process.</summary>
internal static class EmbeddedHost
{
    /// <summary>Where the API and the bus are served unless said otherwise.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Puts a host together; the caller starts and disposes of it.</summary>
    /// <param name="folder">The data folder; outlives the host.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="url">Address to serve; port 0 takes a free one.</param>
    /// <param name="configureLogging">Decides where log lines go.</param>
    /// <param name="clock">Its clock and timers; null: the system's.</param>
    /// <returns>The host.</returns>
    public static async Task<WebApplication> CreateAsync(
        DataFolder folder,
        EmbeddedSettings settings,
        string url,
        Action<ILoggingBuilder> configureLogging,
        TimeProvider? clock = null)
    {
        foreach (var region in settings.Regions)
        {
            Directory.CreateDirectory(Path.Combine(folder.Shares, region));
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        configureLogging(builder.Logging);
        AddServices(builder.Services, folder, settings, clock ?? TimeProvider.System);
        var host = builder.Build();
        await PrepareAsync(host, folder, settings);
        host.MapBus(
            host.Services.GetRequiredService<BusBroker>(),
            host.Services.GetRequiredService<BusAccess>(),
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("AppAttach.Embedded.Bus"));
        return host.MapFleetApi();
    }

    /// <summary>One plain line an event, with the time in UTC.</summary>
    /// <param name="logging">Takes the console.</param>
    public static void LogToConsole(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });

    private static void AddServices(IServiceCollection services, DataFolder folder, EmbeddedSettings settings, TimeProvider clock)
    {
        services.AddSingleton(clock);
        services.AddSingleton(services => new BusBroker(
            Path.Combine(folder.State, "bus.db"),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("AppAttach.Embedded.Bus")));
        services.AddSingleton(services => BusAccess.Open(folder.Keys, services.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICatalog>(services =>
        {
            var catalog = new SqliteCatalog(Path.Combine(folder.State, "catalog.db"));
            var feed = services.GetRequiredService<ChangeFeed>();
            catalog.Changed += (_, change) => feed.Say(change.Kind, change.Key);
            return catalog;
        });
        var upload = new FolderUpload(folder.Inbox, settings.Policy.MaximumPackageBytes);
        services.AddSingleton(new FolderInbox(folder.Inbox, upload));
        services.AddSingleton<IPackageInbox>(services => services.GetRequiredService<FolderInbox>());
        services.AddSingleton<IImageStore>(new DirectoryImageStore(folder.Images));
        services.AddSingleton<IRegionalShares>(services => new DirectoryShares(
            folder.Shares, settings.Regions, services.GetRequiredService<IImageStore>()));
        services.AddSingleton<ICommandSender, BusCommandSender>();
        services.AddSingleton<IEventSender, BusEventSender>();
        services.AddSingleton<IReplySender, BusReplySender>();
        services.AddSingleton(services => new OrchestrationEngine(
            Path.Combine(folder.State, "engine.db"),
            EngineTasks.From(services),
            new EngineOptions(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IOrchestrationClient>(services => services.GetRequiredService<OrchestrationEngine>());
        AddPipeline(services, folder, settings);
        services.AddSingleton<IDeadLetterBox, BusDeadLetterBox>();
        services.AddSingleton<IPackageUpload>(upload);
        services.AddFleetApi(new ApiAccessOptions
        {
            OperatorKey = folder.ApiKey("operator"), ReaderKey = folder.ApiKey("reader"), AllowsPlainHttp = settings.AllowPlainHttp,
        });

        // Started in this order and stopped in the reverse one: whoever feeds the engine stops before it.
        services.AddHostedService(services => services.GetRequiredService<OrchestrationEngine>());
        services.AddHostedService<RolloutUpkeep>();
        services.AddHostedService<HostOutcomeReceiver>();
        services.AddHostedService<RequestReceiver>();
        services.AddHostedService<InboxWatcher>();
    }

    private static void AddPipeline(IServiceCollection services, DataFolder folder, EmbeddedSettings settings)
    {
        var policy = settings.Policy with
        {
            TrustedCertificates = [.. settings.Policy.TrustedCertificates, .. TrustFiles.ReadFolder(folder.Trust)],
        };
        try
        {
            services.AddPipeline(new PipelineOptions
            {
                Pools = settings.Pools, CommandDeadline = settings.CommandDeadline, Retention = settings.Retention, ImageCheck = settings.ImageCheck, Policy = policy,
                Sources = settings.Sources, LeastListenerVersion = settings.LeastListenerVersion,
            });
        }
        catch (ArgumentException e)
        {
            throw new SettingsException($"The policy in {EmbeddedSettings.FileName} is not as it should be: {e.Message}", e);
        }
    }

    /// <summary>Makes what must be there before the first message: bus entities, keys of hosts and other systems, assignments.</summary>
    private static async Task PrepareAsync(WebApplication host, DataFolder folder, EmbeddedSettings settings)
    {
        var broker = host.Services.GetRequiredService<BusBroker>();
        await BusSetup.EnsureAsync(broker, CancellationToken.None);

        var access = host.Services.GetRequiredService<BusAccess>();
        foreach (var allowed in settings.Hosts)
        {
            DataFolder.WriteKey(folder.KeyPath(allowed.Name), access.AllowHost(allowed.Pool, allowed.Name).Key);
        }

        foreach (var system in settings.Systems)
        {
            await BusSetup.EnsureSystemAsync(broker, system, CancellationToken.None);
            DataFolder.WriteKey(folder.SystemKeyPath(system), access.AllowSystem(system).Key);
        }

        await ActivatorUtilities.CreateInstance<SettingsAssignments>(host.Services).ApplyAsync(settings.Assignments, CancellationToken.None);
    }
}

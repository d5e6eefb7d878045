using AppAttach.Listener.Images;
using AppAttach.Listener.Bus;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Offers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AppAttach.Listener;

/// <summary>Runs a listener inside this process. <c>appattach-listener</c> does, and so does any program that brings its own mounter.</summary>
public static class ListenerHost
{
    // The step in hand is finished, an unfinished command is handed back, a last request to the bus may wait for its limit.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(25);

    /// <summary>Runs until cancelled or told to stop by the system (SIGTERM, SIGINT). Log lines go to standard output.</summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="managedMounter">Makes the managed mounter, where the program has one.</param>
    /// <param name="cancellationToken">Stops the listener, in good order.</param>
    /// <exception cref="ArgumentException">The settings are not valid.</exception>
    /// <exception cref="CommandFailedException">The mounter that the settings ask for cannot work here.</exception>
    public static Task RunAsync(ListenerOptions options, Func<IImageMounter>? managedMounter = null, CancellationToken cancellationToken = default) =>
        RunAsync(options, managedMounter, signals: null, cancellationToken);

    /// <summary>The same, told by the system what happens to it.</summary>
    internal static async Task RunAsync(
        ListenerOptions options, Func<IImageMounter>? managedMounter, HostSignals? signals, CancellationToken cancellationToken)
    {
        if (options.Validate() is { Count: > 0 } findings)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, findings), nameof(options));
        }

        using var stateLock = StateLock.Take(options.StateFolder);
        var mounter = MounterChoice.Make(options, managedMounter);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        _ = builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        Platform.AddLogging(builder.Logging);
        _ = builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        _ = builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        _ = builder.Services.AddSingleton(TimeProvider.System);
        _ = builder.Services.AddHostedService(services => Make(
            options,
            mounter,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("AppAttach.Listener"),
            signals: signals));
        using var host = builder.Build();
        await host.RunAsync(cancellationToken);
    }

    /// <summary>
    /// Unmounts every image that a listener with these settings has mounted, without touching its ledger: at the next start it mounts
    /// them again. The listener must not be running.
    /// </summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="cancellationToken">Gives up between two images.</param>
    /// <returns>A task that completes when none is mounted any more.</returns>
    /// <exception cref="CommandFailedException">An image is still mounted.</exception>
    public static async Task UnmountAllAsync(ListenerOptions options, CancellationToken cancellationToken = default)
    {
        // A managed mount ends with its process; only what FUSE has mounted outlives it.
        var mounter = options.Mounter == MounterKind.Managed ? null
            : Platform.MakeMounter(options) ?? (FuseImageMounter.FindObstacles().Count == 0 ? new FuseImageMounter(options.MountRootOrDefault) : null);
        if (mounter is null)
        {
            return;
        }

        foreach (var mounted in await mounter.ListAsync(cancellationToken))
        {
            await mounter.UnmountAsync(mounted.Image.Digest, cancellationToken);
        }
    }

    /// <summary>Brings the machine to where the ledger wants it, once. The listener must not be running.</summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="managedMounter">Makes the managed mounter, where the program has one.</param>
    /// <param name="cancellationToken">Gives up between two packages.</param>
    /// <returns>How many packages could not be brought there; each is logged.</returns>
    /// <exception cref="CommandFailedException">The listener runs, or the mounter that the settings ask for cannot work here.</exception>
    public static async Task<int> RepairAsync(ListenerOptions options, Func<IImageMounter>? managedMounter = null, CancellationToken cancellationToken = default)
    {
        using var stateLock = StateLock.Take(options.StateFolder);
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        using var machine = MakeMachine(options, MounterChoice.Make(options, managedMounter), TimeProvider.System);
        var staging = new PackageStaging(machine);
        var logger = loggers.CreateLogger("AppAttach.Listener");
        var convergence = new Convergence(machine, staging, new PackageRegistering(machine, staging, logger), logger);
        return await convergence.RunAsync(cancellationToken);
    }

    /// <summary>The machine as these settings say.</summary>
    internal static HostMachine MakeMachine(ListenerOptions options, IImageMounter mounter, TimeProvider clock)
    {
        Directory.CreateDirectory(options.StateFolder);
#pragma warning disable CA2000 // The machine disposes of its parts.
        return new HostMachine(
            new HostLedger(
                new DiskLedgerStore(Path.Combine(options.StateFolder, HostLedger.FolderName)), new OfferBook(new DiskLedgerStore(options.OffersFolderOrDefault))),
            mounter,
            Platform.MakeRegistrar(options, clock),
            new ImagePathRule(options.ShareRoots),
            new ImageProof(options.DigestPolicy, options.ParallelImages, options.StateFolder),
            clock);
#pragma warning restore CA2000
    }

    /// <summary>Puts a listener together.</summary>
    internal static ListenerService Make(
        ListenerOptions options, IImageMounter mounter, TimeProvider clock, ILogger logger, Func<Backoff>? newBackoff = null, HostSignals? signals = null)
    {
        newBackoff ??= NewBackoff;
#pragma warning disable CA2000 // The service disposes of what it is given.
        var machine = MakeMachine(options, mounter, clock);
        var bus = new BusClient(options, BusTokens.Make(options, clock), clock, () => HostKey.Open(options.StateFolder, options.Host));
#pragma warning restore CA2000
        var staging = new PackageStaging(machine);
        var registering = new PackageRegistering(machine, staging, logger);
        return new ListenerService(
            options,
            machine,
            new CommandHandler(options.Host, machine, staging, registering, newBackoff, options.RetryFor, logger),
            new Convergence(machine, staging, registering, logger),
            bus,
            new HelloWriter(options, machine),
            signals ?? new HostSignals(),
            newBackoff,
            logger);
    }

    /// <summary>Version of this listener, as its hello says it.</summary>
    internal static string Version { get; } = typeof(ListenerHost).Assembly.GetName().Version!.ToString(3);

    private static Backoff NewBackoff() => new(Random.Shared, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
}

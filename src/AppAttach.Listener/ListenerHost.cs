using AppAttach.Listener.Bus;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Settings;
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
    public static async Task RunAsync(ListenerOptions options, Func<IImageMounter>? managedMounter = null, CancellationToken cancellationToken = default)
    {
        if (options.Validate() is { Count: > 0 } findings)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, findings), nameof(options));
        }

        var mounter = MounterChoice.Make(options, managedMounter);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        _ = builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        _ = builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        _ = builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        _ = builder.Services.AddSingleton(TimeProvider.System);
        _ = builder.Services.AddHostedService(services => Make(
            options, mounter, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("AppAttach.Listener")));
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
        if (options.Mounter == MounterKind.Managed || FuseImageMounter.FindObstacles().Count > 0)
        {
            return;
        }

        var mounter = new FuseImageMounter(options.MountRootOrDefault);
        foreach (var mounted in await mounter.ListAsync(cancellationToken))
        {
            await mounter.UnmountAsync(mounted.Image.Digest, cancellationToken);
        }
    }

    /// <summary>Puts a listener together.</summary>
    internal static ListenerService Make(
        ListenerOptions options, IImageMounter mounter, TimeProvider clock, ILogger logger, Func<Backoff>? newBackoff = null)
    {
        newBackoff ??= NewBackoff;
        Directory.CreateDirectory(options.StateFolder);
#pragma warning disable CA2000 // The service disposes of what it is given.
        var machine = new HostMachine(
            new HostLedger(new DiskLedgerStore(options.StateFolder)),
            mounter,
            new FileRegistrar(options.StateFolder, clock),
            new ImagePathRule(options.ShareRoots),
            clock);
        var bus = new BusClient(options, BusKey.Read(options, out _), clock);
#pragma warning restore CA2000
        var staging = new PackageStaging(machine);
        var handler = new CommandHandler(
            options.Host, machine, staging, new PackageRegistering(machine, staging), newBackoff(), options.RetryFor, logger);
        return new ListenerService(
            options, machine, handler, new Convergence(machine, staging, logger), bus, new HelloWriter(options, machine), newBackoff, logger);
    }

    /// <summary>Version of this listener, as its hello says it.</summary>
    internal static string Version { get; } = typeof(ListenerHost).Assembly.GetName().Version!.ToString(3);

    private static Backoff NewBackoff() => new(Random.Shared, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
}

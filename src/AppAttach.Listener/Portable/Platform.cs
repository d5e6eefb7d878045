using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener;

/// <summary>What only one build has: this is the build for every system, without Windows' own. The Windows build has a class of this name too.</summary>
internal static class Platform
{
    /// <summary>Whether this is the Windows build.</summary>
    public static bool IsWindows => false;

    /// <summary>The system's own mounter; null where there is none.</summary>
    public static IImageMounter? MakeMounter(ListenerOptions options) => null;

    /// <summary>The system's own registration, or the stand-in for it.</summary>
    public static IPackageRegistrar MakeRegistrar(ListenerOptions options, TimeProvider clock) => new FileRegistrar(options.StateFolder, clock);

    /// <summary>Where users find what is offered to them, unless they say; null: they have to say.</summary>
    public static string? OffersFolder => null;

    /// <summary>The user whom this process runs as.</summary>
    /// <exception cref="CommandFailedException">The state folder is not given.</exception>
    public static IOfferTaker MakeOfferTaker(string? stateFolder) => stateFolder is null
        ? throw new CommandFailedException(ErrorCodes.NotFound, "Registrations are files in the listener's state folder here: give it, with --state FOLDER.")
        : new FileOfferTaker(stateFolder, TimeProvider.System);

    /// <summary>Adds the system's log.</summary>
    public static void AddLogging(ILoggingBuilder logging)
    {
        // The console is all; whoever runs the listener keeps what it says.
    }

    /// <summary>Checks of the system.</summary>
    public static IReadOnlyList<IListenerCheck> MakeChecks(ListenerOptions options) => [];

    /// <summary>Runs the listener as a service of the system's; here a service is a process like any other.</summary>
    public static Func<ListenerOptions, ExitCode>? RunAsService => null;

    /// <summary>Adds commands that only this system has.</summary>
    public static void AddCommands(Command parent)
    {
        // Services are installed by the system's own means, such as a unit of systemd.
    }
}

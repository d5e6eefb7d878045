using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Windows.Checks;
using AppAttach.Listener.Windows.Mounting;
using AppAttach.Listener.Windows.Offers;
using AppAttach.Listener.Windows.Packages;
using AppAttach.Listener.Windows.Services;
using AppAttach.Listener.Windows.Setup;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener;

/// <summary>What only one build has: this is the Windows build. The build for every system has a class of this name too.</summary>
internal static class Platform
{
    /// <summary>Whether this is the Windows build.</summary>
    public static bool IsWindows => true;

    /// <summary>The system's own mounter.</summary>
    public static IImageMounter MakeMounter(ListenerOptions options) => new WindowsImageMounter(options.MountRootOrDefault);

    /// <summary>The system's own registration.</summary>
    public static IPackageRegistrar MakeRegistrar(ListenerOptions options, TimeProvider clock) => new WindowsRegistrar(options.StateFolder);

    /// <summary>Where users find what is offered to them, unless they say.</summary>
    public static string OffersFolder => DataFolders.Offers;

    /// <summary>The user whom this process runs as.</summary>
    public static IOfferTaker MakeOfferTaker(string? stateFolder) => new WindowsOfferTaker();

    /// <summary>Adds the event log, where the source has been installed.</summary>
    public static void AddLogging(ILoggingBuilder logging)
    {
        if (EventSource.IsInstalled)
        {
            _ = logging.AddEventLog(settings => (settings.SourceName, settings.LogName) = (EventSource.Name, EventSource.Log));
        }
    }

    /// <summary>Checks of the system.</summary>
    public static IReadOnlyList<IListenerCheck> MakeChecks(ListenerOptions options) =>
        [new WindowsVersionCheck(), new WindowsServicesCheck(), new WindowsAccountCheck(), new SideloadingCheck(), new SignerCheck(options, MachineCertificates.Trust())];

    /// <summary>Runs the listener as a service of the service control manager's.</summary>
    public static Func<ListenerOptions, ExitCode> RunAsService => options =>
    {
        var error = WindowsService.Run((signals, stop) => ListenerHost.RunAsync(options, managedMounter: null, signals, stop));
        if (error != 0)
        {
            Console.Error.WriteLine(error == Windows.Native.Services.ErrorNotAService
                ? "Only the service control manager starts the listener with --service: use 'sc start', or leave the option out."
                : $"The service control manager cannot be reached: {Diagnostics.WindowsErrors.Explain(Diagnostics.WindowsErrors.FromWin32((uint)error))}");
        }

        return error == 0 ? ExitCode.Done : ExitCode.Failed;
    };

    /// <summary>Adds commands that only this system has.</summary>
    public static void AddCommands(Command parent)
    {
        SetupCommands.AddTo(parent);
        parent.Add(SessionTask.Command());
    }
}

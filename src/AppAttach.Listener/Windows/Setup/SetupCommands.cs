using System.CommandLine;
using System.ComponentModel;
using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Listener.Settings;

namespace AppAttach.Listener.Windows.Setup;

/// <summary>The commands <c>install</c> and <c>uninstall</c>; both are for administrators and may be repeated.</summary>
internal static class SetupCommands
{
    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command parent)
    {
        parent.Add(MakeInstall());
        var uninstall = new Command("uninstall", "Stops and removes the service. Apps stay mounted until the next restart; folders stay.");
        uninstall.SetAction(_ => Guard(() =>
        {
            ServiceSetup.Stop();
            ServiceSetup.Uninstall();
            EventSource.Uninstall();
        }));
        parent.Add(uninstall);
    }

    private static Command MakeInstall()
    {
        var settings = new ListenerSettingsSymbols();
        var noStart = new Option<bool>("--no-start") { Description = "Does not start the service." };
        var command = new Command(
            "install", $"Makes folders, event source and service, writes the settings given here to {DataFolders.Settings}, and starts the service.") { noStart };
        settings.AddTo(command);
        command.SetAction(result =>
        {
            var (given, findings) = settings.Read(result, File.Exists(DataFolders.Settings) ? DataFolders.Settings : null);
            var options = given with
            {
                StateFolder = given.StateFolder.Length > 0 ? given.StateFolder : DataFolders.State,
                MountRoot = given.MountRoot ?? DataFolders.Mounts,
                OffersFolder = given.OffersFolder ?? DataFolders.Offers,
            };
            findings = findings.Count > 0 ? findings : options.Validate();
            foreach (var finding in findings)
            {
                Console.Error.WriteLine(finding);
            }

            return findings.Count > 0 ? (int)ExitCode.Usage : Guard(() =>
            {
                DataFolders.Install();
                DurableFile.Write(DataFolders.Settings, JsonSerializer.SerializeToUtf8Bytes(options, ListenerOptionsJson.Default.ListenerOptions));
                EventSource.Install();
                ServiceSetup.Install(DataFolders.Settings);
                if (!result.GetValue(noStart))
                {
                    ServiceSetup.Start();
                }
            });
        });
        return command;
    }

    private static int Guard(Action action)
    {
        try
        {
            action();
            return (int)ExitCode.Done;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            const int accessDenied = 5; // ERROR_ACCESS_DENIED
            var isDenied = e is UnauthorizedAccessException or System.Security.SecurityException or Win32Exception { NativeErrorCode: accessDenied };
            Console.Error.WriteLine(isDenied ? $"{e.Message} Run this as an administrator." : e.Message);
            return (int)ExitCode.Failed;
        }
    }
}

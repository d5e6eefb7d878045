using Microsoft.Win32;

namespace AppAttach.Listener.Windows.Setup;

/// <summary>
/// The source of the listener's entries in the event log: a key of the registry,
/// https://learn.microsoft.com/windows/win32/eventlog/event-sources.
/// </summary>
internal static class EventSource
{
    public const string Name = "AppAttach Listener";
    public const string Log = "Application";

    private const string LogKey = $@"SYSTEM\CurrentControlSet\Services\EventLog\{Log}";

    // The texts "%1" for every event id, which come with .NET Framework 4 and so with every Windows that the listener runs on.
    private const string MessageFile = @"%SystemRoot%\Microsoft.NET\Framework64\v4.0.30319\EventLogMessages.dll";

    private const int AllTypes = 7; // EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE

    /// <summary>Whether it is there.</summary>
    public static bool IsInstalled
    {
        get
        {
            using var key = Registry.LocalMachine.OpenSubKey($@"{LogKey}\{Name}");
            return key is not null;
        }
    }

    /// <summary>Makes it.</summary>
    public static void Install()
    {
        using var key = Registry.LocalMachine.CreateSubKey($@"{LogKey}\{Name}");
        key.SetValue("EventMessageFile", MessageFile, RegistryValueKind.ExpandString);
        key.SetValue("TypesSupported", AllTypes, RegistryValueKind.DWord);
    }

    /// <summary>Removes it; one that is not there is left so.</summary>
    public static void Uninstall() => Registry.LocalMachine.DeleteSubKeyTree($@"{LogKey}\{Name}", throwOnMissingSubKey: false);
}

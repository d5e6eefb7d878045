using AppAttach.Listener.Checks;
using Microsoft.Win32;

namespace AppAttach.Listener.Windows.Checks;

/// <summary>The services that deploy packages are not disabled. They are started when they are needed, so that they need not run now.</summary>
internal sealed class WindowsServicesCheck : IListenerCheck
{
    private const int Disabled = 4; // SERVICE_DISABLED

    private static readonly (string Name, string What)[] Services =
        [("AppXSvc", "AppX Deployment Service"), ("AppReadiness", "App Readiness"), ("ClipSVC", "Client License Service")];

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CheckFinding>>([.. Services.Select(service => Look(service.Name, service.What))]);

    private static CheckFinding Look(string name, string what)
    {
        using var key = Registry.LocalMachine.OpenSubKey($@"SYSTEM\CurrentControlSet\Services\{name}");
        return key?.GetValue("Start") switch
        {
            null => new CheckFinding(what, IsGood: false, $"there is no service {name}: this Windows cannot deploy packages."),
            Disabled => new CheckFinding(what, IsGood: false, $"it is disabled: sc config {name} start= demand"),
            _ => new CheckFinding(what, IsGood: true, "it can be started."),
        };
    }
}

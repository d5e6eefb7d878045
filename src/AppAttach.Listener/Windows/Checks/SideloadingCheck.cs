using AppAttach.Listener.Checks;
using Microsoft.Win32;

namespace AppAttach.Listener.Windows.Checks;

/// <summary>No policy forbids packages that do not come from the Store. Windows allows them where no policy is set.</summary>
internal sealed class SideloadingCheck : IListenerCheck
{
    private const string PolicyKey = @"SOFTWARE\Policies\Microsoft\Windows\Appx";
    private const string PolicyValue = "AllowAllTrustedApps";

    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken)
    {
        using var key = Registry.LocalMachine.OpenSubKey(PolicyKey);
        return Task.FromResult<IReadOnlyList<CheckFinding>>(
        [
            key?.GetValue(PolicyValue) is 0
                ? new CheckFinding("sideloading", IsGood: false, $"the policy {PolicyValue} forbids it: set \"Allow all trusted apps to install\" to enabled or not configured.")
                : new CheckFinding("sideloading", IsGood: true, "no policy forbids it."),
        ]);
    }
}

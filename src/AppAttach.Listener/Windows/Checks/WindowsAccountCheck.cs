using System.Security.Principal;
using AppAttach.Listener.Checks;

namespace AppAttach.Listener.Windows.Checks;

/// <summary>Says who is asking: what another account can read says nothing about the service.</summary>
internal sealed class WindowsAccountCheck : IListenerCheck
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CheckFinding>> RunAsync(CancellationToken cancellationToken)
    {
        using var identity = WindowsIdentity.GetCurrent();
        return Task.FromResult<IReadOnlyList<CheckFinding>>(
        [
            identity.IsSystem
                ? new CheckFinding("account", IsGood: true, "LocalSystem, which reads shares as the computer's account.")
                : new CheckFinding(
                    "account",
                    IsGood: false,
                    $"{identity.Name}; the service runs as LocalSystem and reads shares as the computer's account. Run the check as that: psexec -s, or a scheduled task as SYSTEM."),
        ]);
    }
}

// SERVICE_FAILURE_ACTIONSW: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_failure_actionsw
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>What happens when a service fails. 40 bytes on 64-bit Windows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ServiceFailureActions
{
    /// <summary>After how many seconds without a failure they are counted from none again.</summary>
    public uint ResetPeriodSeconds;
    public nint RebootMessage;
    public nint Command;
    public uint ActionCount;
    public ServiceAction* Actions;
}

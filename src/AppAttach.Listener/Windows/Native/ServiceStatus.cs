// SERVICE_STATUS: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>How a service does. 28 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ServiceStatus
{
    public uint ServiceType;
    public uint CurrentState;
    public uint ControlsAccepted;
    public uint Win32ExitCode;
    public uint ServiceSpecificExitCode;
    public uint CheckPoint;
    public uint WaitHintMilliseconds;
}

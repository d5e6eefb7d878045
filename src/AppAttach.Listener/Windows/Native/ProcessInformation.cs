// PROCESS_INFORMATION: https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-process_information
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>A process that was started; both handles are the caller's to close. 24 bytes on 64-bit Windows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessInformation
{
    public nint Process;
    public nint Thread;
    public uint ProcessId;
    public uint ThreadId;
}

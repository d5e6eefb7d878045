// SERVICE_TABLE_ENTRYW: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_table_entryw
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>A service of this process and where it begins. 16 bytes on 64-bit Windows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ServiceTableEntry
{
    /// <summary>Pointer to the name, which is not looked at for SERVICE_WIN32_OWN_PROCESS.</summary>
    public char* Name;

    /// <summary>LPSERVICE_MAIN_FUNCTIONW: count and array of arguments.</summary>
    public delegate* unmanaged<uint, nint, void> Main;
}

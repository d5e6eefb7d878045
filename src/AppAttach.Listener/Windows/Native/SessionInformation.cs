// WTS_SESSION_INFOW: https://learn.microsoft.com/windows/win32/api/wtsapi32/ns-wtsapi32-wts_session_infow
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>One session. 24 bytes on 64-bit Windows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SessionInformation
{
    /// <summary>Number of the session.</summary>
    public uint SessionId;

    /// <summary>Pointer to the name of the session's window station.</summary>
    public nint WindowStationName;

    /// <summary>WTS_CONNECTSTATE_CLASS.</summary>
    public int State;
}

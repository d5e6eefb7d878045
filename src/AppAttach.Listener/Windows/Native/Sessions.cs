// Remote Desktop Services API: wtsapi32.h, https://learn.microsoft.com/windows/win32/api/wtsapi32/
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Sessions of users and their tokens.</summary>
internal static partial class Sessions
{
    public const int StateActive = 0;       // WTSActive
    public const int StateDisconnected = 4; // WTSDisconnected

    /// <summary>
    /// Server 0 (WTS_CURRENT_SERVER_HANDLE), reserved 0, version 1. The array is freed with <see cref="FreeMemory"/>.
    /// https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtsenumeratesessionsw.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("wtsapi32.dll", EntryPoint = "WTSEnumerateSessionsW", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Enumerate(nint server, uint reserved, uint version, out nint sessions, out uint count);

    /// <summary>https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtsfreememory.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("wtsapi32.dll", EntryPoint = "WTSFreeMemory")]
    public static partial void FreeMemory(nint memory);

    /// <summary>
    /// The primary token of a session's user. For LocalSystem with SeTcbPrivilege only; ERROR_NO_TOKEN (1008) where nobody is signed in.
    /// https://learn.microsoft.com/windows/win32/api/wtsapi32/nf-wtsapi32-wtsqueryusertoken.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("wtsapi32.dll", EntryPoint = "WTSQueryUserToken", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryUserToken(uint sessionId, out SafeAccessTokenHandle token);
}

// SC_ACTION: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-sc_action
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>One thing to do when a service fails. 8 bytes.</summary>
/// <param name="Type"><see cref="Services.ActionRestart"/>.</param>
/// <param name="DelayMilliseconds">How long to wait before.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ServiceAction(uint Type, uint DelayMilliseconds);

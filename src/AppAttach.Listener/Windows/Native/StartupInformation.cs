// STARTUPINFOW: https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-startupinfow
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>How a process starts; what is 0 is left to the system. 104 bytes on 64-bit Windows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StartupInformation
{
    public uint SizeBytes;
    public nint Reserved;

    /// <summary>Pointer to the name of the desktop.</summary>
    public nint Desktop;
    public nint Title;
    public uint X;
    public uint Y;
    public uint XSize;
    public uint YSize;
    public uint XCountCharacters;
    public uint YCountCharacters;
    public uint FillAttribute;
    public uint Flags;
    public ushort ShowWindow;
    public ushort Reserved2Size;
    public nint Reserved2;
    public nint StandardInput;
    public nint StandardOutput;
    public nint StandardError;
}

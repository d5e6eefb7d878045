using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>
/// OPEN_VIRTUAL_DISK_PARAMETERS in its version 1, with the room that the later ones take (two BOOL and two GUID).
/// https://learn.microsoft.com/windows/win32/api/virtdisk/ns-virtdisk-open_virtual_disk_parameters.
/// </summary>
/// <param name="readWriteDepth">How many files of a chain are opened for writing: 0 for operations that only read, else the default is 1.</param>
[StructLayout(LayoutKind.Sequential, Size = 44)]
internal readonly struct OpenParameters(uint readWriteDepth)
{
    public readonly uint Version = 1; // OPEN_VIRTUAL_DISK_VERSION_1
    public readonly uint ReadWriteDepth = readWriteDepth;
}

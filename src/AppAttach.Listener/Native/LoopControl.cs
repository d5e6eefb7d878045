using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Native;

/// <summary>Asks the kernel for a loop device that nobody uses (loop(4)).</summary>
internal static partial class LoopControl
{
    // linux/loop.h
    private const nuint GetFree = 0x4C82;

    /// <summary>Number of a free device, made by the kernel if all were taken; null when it cannot be asked.</summary>
    public static int? FindFree()
    {
        try
        {
            using var control = File.OpenHandle(Mounting.LoopDevice.ControlPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var number = Control(control, GetFree);
            return number >= 0 ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request);
}

// Volume management: https://learn.microsoft.com/windows/win32/fileio/volume-management-functions
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Volumes and the folders they are mounted at: kernel32.dll.</summary>
internal static partial class Volumes
{
    /// <summary><c>\\?\Volume{GUID}\</c> and its terminating zero: "a reasonable size for the buffer" of the functions below.</summary>
    public const int NameLength = 50;

    public const int ErrorNoMoreFiles = 18;

    // winioctl.h: CTL_CODE(IOCTL_STORAGE_BASE 0x2D, 0x0420, METHOD_BUFFERED, FILE_ANY_ACCESS).
    public const uint GetDeviceNumber = 0x002D_1080; // IOCTL_STORAGE_GET_DEVICE_NUMBER

    public const uint ShareReadWrite = 3; // FILE_SHARE_READ | FILE_SHARE_WRITE
    public const uint OpenExisting = 3;   // OPEN_EXISTING

    /// <summary>https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-findfirstvolumew; the length is in characters.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "FindFirstVolumeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial VolumeSearchHandle FindFirst([Out] char[] name, uint length);

    /// <summary>https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-findnextvolumew.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "FindNextVolumeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FindNext(VolumeSearchHandle search, [Out] char[] name, uint length);

    /// <summary>https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-findvolumeclose.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "FindVolumeClose", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FindClose(nint search);

    /// <summary>
    /// Both end with a backslash; the folder is empty and on NTFS.
    /// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-setvolumemountpointw.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "SetVolumeMountPointW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetMountPoint(string folder, string volume);

    /// <summary>https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-deletevolumemountpointw.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "DeleteVolumeMountPointW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DeleteMountPoint(string folder);

    /// <summary>https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getvolumenameforvolumemountpointw.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "GetVolumeNameForVolumeMountPointW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetName(string folder, [Out] char[] name, uint length);

    /// <summary>
    /// Opens a volume (<c>\\?\Volume{GUID}</c>, no backslash at its end) without any access, which is enough to ask which disk it is on.
    /// https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle OpenDevice(
        string path, uint access, uint shareMode, nint securityAttributes, uint creationDisposition, uint flags, nint template);

    /// <summary>https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-deviceiocontrol.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32.dll", EntryPoint = "DeviceIoControl", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Control(
        SafeFileHandle device, uint code, nint input, uint inputSize, out StorageDeviceNumber output, uint outputSize, out uint returned, nint overlapped);
}

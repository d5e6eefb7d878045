// Composite image file system: cimfs.h, https://learn.microsoft.com/windows/win32/api/_cimfs/. Windows 10 2004 and later.
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Mounts CIM images. Every function returns an HRESULT.</summary>
internal static partial class CompositeImages
{
    /// <summary>
    /// Mounts an image as the volume <c>\\?\Volume{GUID}\</c> with the GUID that the caller chooses; flags: CIM_MOUNT_IMAGE_NONE is 0.
    /// https://learn.microsoft.com/windows/win32/api/cimfs/nf-cimfs-cimmountimage.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("cimfs.dll", EntryPoint = "CimMountImage", StringMarshalling = StringMarshalling.Utf16)]
    public static partial int Mount(string imageContainingPath, string imageName, uint flags, in Guid volumeId);

    /// <summary>https://learn.microsoft.com/windows/win32/api/cimfs/nf-cimfs-cimdismountimage.</summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("cimfs.dll", EntryPoint = "CimDismountImage")]
    public static partial int Dismount(in Guid volumeId);
}

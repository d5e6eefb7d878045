// Virtual disk API: virtdisk.h, https://learn.microsoft.com/windows/win32/api/virtdisk/. Every function returns a system error code,
// not a BOOL; none sets the last error.
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Attaches and detaches disk images.</summary>
internal static partial class VirtualDisk
{
    public const uint AccessAttachReadOnly = 0x0001_0000; // VIRTUAL_DISK_ACCESS_ATTACH_RO
    public const uint AccessDetach = 0x0004_0000;         // VIRTUAL_DISK_ACCESS_DETACH
    public const uint AccessGetInformation = 0x0008_0000; // VIRTUAL_DISK_ACCESS_GET_INFO

    public const uint AttachReadOnly = 0x1;          // ATTACH_VIRTUAL_DISK_FLAG_READ_ONLY
    public const uint AttachNoDriveLetter = 0x2;     // ATTACH_VIRTUAL_DISK_FLAG_NO_DRIVE_LETTER
    public const uint AttachPermanentLifetime = 0x4; // ATTACH_VIRTUAL_DISK_FLAG_PERMANENT_LIFETIME

    public const uint DeviceVhd = 2;  // VIRTUAL_STORAGE_TYPE_DEVICE_VHD
    public const uint DeviceVhdx = 3; // VIRTUAL_STORAGE_TYPE_DEVICE_VHDX

    /// <summary>VIRTUAL_STORAGE_TYPE_VENDOR_MICROSOFT.</summary>
    public static Guid VendorMicrosoft { get; } = new("EC984AEC-A0F9-47e9-901F-71415A66345B");

    /// <summary>
    /// Opens an image. Parameters of version 1: with version 2 the access mask would have to be none, and without any the depth is 1 by default.
    /// https://learn.microsoft.com/windows/win32/api/virtdisk/nf-virtdisk-openvirtualdisk.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("virtdisk.dll", EntryPoint = "OpenVirtualDisk", StringMarshalling = StringMarshalling.Utf16)]
    public static partial uint Open(in VirtualStorageType type, string path, uint accessMask, uint flags, in OpenParameters parameters, out VirtualDiskHandle handle);

    /// <summary>
    /// Attaches an open image. No security descriptor: that of the image file is used. No overlapped: it returns when the disk is there; its
    /// volumes come a little later. Needs SeManageVolumePrivilege.
    /// https://learn.microsoft.com/windows/win32/api/virtdisk/nf-virtdisk-attachvirtualdisk.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("virtdisk.dll", EntryPoint = "AttachVirtualDisk")]
    public static partial uint Attach(
        VirtualDiskHandle handle, nint securityDescriptor, uint flags, uint providerSpecificFlags, nint parameters, nint overlapped);

    /// <summary>
    /// Detaches an image. Every other handle of it must be closed.
    /// https://learn.microsoft.com/windows/win32/api/virtdisk/nf-virtdisk-detachvirtualdisk.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("virtdisk.dll", EntryPoint = "DetachVirtualDisk")]
    public static partial uint Detach(VirtualDiskHandle handle, uint flags, uint providerSpecificFlags);

    /// <summary>
    /// The physical disk that an attached image is: <c>\\.\PhysicalDriveN</c>. The size is in bytes, the terminating zero included.
    /// https://learn.microsoft.com/windows/win32/api/virtdisk/nf-virtdisk-getvirtualdiskphysicalpath.
    /// </summary>
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("virtdisk.dll", EntryPoint = "GetVirtualDiskPhysicalPath", StringMarshalling = StringMarshalling.Utf16)]
    public static partial uint GetPhysicalPath(VirtualDiskHandle handle, ref uint sizeBytes, [Out] char[] path);
}

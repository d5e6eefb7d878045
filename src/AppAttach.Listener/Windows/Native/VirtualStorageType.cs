// VIRTUAL_STORAGE_TYPE: https://learn.microsoft.com/windows/win32/api/virtdisk/ns-virtdisk-virtual_storage_type
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Which kind of image file, and whose. 20 bytes.</summary>
/// <param name="DeviceId"><see cref="VirtualDisk.DeviceVhd"/> or <see cref="VirtualDisk.DeviceVhdx"/>.</param>
/// <param name="VendorId"><see cref="VirtualDisk.VendorMicrosoft"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VirtualStorageType(uint DeviceId, Guid VendorId);

// STORAGE_DEVICE_NUMBER: https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-storage_device_number
using System.Runtime.InteropServices;

namespace AppAttach.Listener.Windows.Native;

/// <summary>Where a volume is. 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StorageDeviceNumber
{
    /// <summary>DEVICE_TYPE; FILE_DEVICE_DISK is 7.</summary>
    public uint DeviceType;

    /// <summary>The N of <c>\\.\PhysicalDriveN</c>.</summary>
    public uint DeviceNumber;

    /// <summary>Number of the partition, from 1.</summary>
    public uint PartitionNumber;
}

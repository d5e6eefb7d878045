using System.Globalization;
using System.Runtime.InteropServices;
using AppAttach.Contracts;
using AppAttach.Listener.Windows.Native;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>Finds the volume of a disk.</summary>
internal static class VolumeSearch
{
    private const string DiskPrefix = @"\\.\PhysicalDrive";
    private const uint DeviceTypeDisk = 7; // FILE_DEVICE_DISK

    // Plug and play brings the volume a moment after the disk; there is no event for it that a service could wait for without a window.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The volume of a disk that holds one, as soon as it is there.</summary>
    /// <param name="disk"><c>\\.\PhysicalDriveN</c>.</param>
    /// <returns><c>\\?\Volume{GUID}\</c>; null when none came in time.</returns>
    public static async Task<string?> WaitForAsync(string disk)
    {
        var number = uint.Parse(disk.AsSpan(DiskPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        for (var waited = TimeSpan.Zero; waited < Limit; waited += Interval)
        {
            if (List().FirstOrDefault(volume => DiskOf(volume) == number) is { } found)
            {
                return found;
            }

            await Task.Delay(Interval);
        }

        return null;
    }

    private static List<string> List()
    {
        var name = new char[Volumes.NameLength];
        var volumes = new List<string>();
        using var search = Volumes.FindFirst(name, (uint)name.Length);
        if (search.IsInvalid)
        {
            throw WindowsFailure.OfLastError(ErrorCodes.MountFailed, "The volumes of this machine cannot be listed");
        }

        do
        {
            volumes.Add(Text(name));
        }
        while (Volumes.FindNext(search, name, (uint)name.Length));

        var error = Marshal.GetLastPInvokeError();
        return error == Volumes.ErrorNoMoreFiles
            ? volumes
            : throw WindowsFailure.OfWin32(ErrorCodes.MountFailed, "The volumes of this machine cannot be listed", (uint)error);
    }

    // A volume that spans disks, or went away meanwhile, has no number and is not ours.
    private static uint? DiskOf(string volume)
    {
        using var device = Volumes.OpenDevice(volume.TrimEnd('\\'), access: 0, Volumes.ShareReadWrite, 0, Volumes.OpenExisting, flags: 0, template: 0);
        return !device.IsInvalid
            && Volumes.Control(
                device, Volumes.GetDeviceNumber, 0, 0, out var number, (uint)Marshal.SizeOf<StorageDeviceNumber>(), out _, overlapped: 0)
            && number.DeviceType == DeviceTypeDisk
            ? number.DeviceNumber
            : null;
    }

    internal static string Text(char[] name) => new string(name).Split('\0')[0];
}

using AppAttach.Contracts;
using AppAttach.Listener.Windows.Native;

namespace AppAttach.Listener.Windows.Mounting;

/// <summary>Folders at which volumes are mounted.</summary>
internal static class VolumeMountPoint
{
    /// <summary>Mounts a volume at an empty folder.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    public static void Set(string folder, string volume)
    {
        if (!Volumes.SetMountPoint(folder + @"\", volume))
        {
            throw WindowsFailure.OfLastError(ErrorCodes.MountFailed, $"Volume {volume} cannot be mounted at {folder}");
        }
    }

    /// <summary>The volume that is mounted at a folder and is there now; null when none is.</summary>
    public static string? Find(string folder)
    {
        var name = new char[Volumes.NameLength];
        return Volumes.GetName(folder + @"\", name, (uint)name.Length) ? VolumeSearch.Text(name) : null;
    }

    /// <summary>Whether a folder is a mount point, of a volume that is there or of one that is gone.</summary>
    public static bool IsMountPoint(string folder) =>
        new DirectoryInfo(folder) is { Exists: true } found && found.Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>Makes a folder of a mount point again; any other folder is left as it is.</summary>
    /// <exception cref="CommandFailedException">It cannot be.</exception>
    public static void Remove(string folder)
    {
        if (IsMountPoint(folder) && !Volumes.DeleteMountPoint(folder + @"\"))
        {
            throw WindowsFailure.OfLastError(ErrorCodes.MountFailed, $"The mount point {folder} cannot be removed");
        }
    }
}

namespace AppAttach.Imaging.Tests.Volumes;

/// <summary>A volume in a file that ntfs-3g has mounted read-only.</summary>
internal sealed class MountedVolume : IAsyncDisposable
{
    private MountedVolume(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public static async Task<MountedVolume> MountAsync(string volume, string mountPoint)
    {
        Judge.Require("ntfs-3g", "fusermount3");
        if (!File.Exists("/dev/fuse"))
        {
            Judge.Missing("/dev/fuse is not there: nothing can be mounted.");
        }

        Directory.CreateDirectory(mountPoint);
        await Judge.PassAsync("ntfs-3g", "-o", "ro,streams_interface=none", volume, mountPoint);
        return new MountedVolume(mountPoint);
    }

    public async ValueTask DisposeAsync() => await Judge.PassAsync("fusermount3", "-u", Path);
}

namespace AppAttach.Imaging.Tests.Checking;

/// <summary>NTFS volumes that mkntfs makes and ntfs-3g fills.</summary>
internal static class ForeignVolume
{
    /// <summary>Makes a volume and fills it through a mount; skips the test where FUSE is missing.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="mebibytes">Size of the volume.</param>
    /// <param name="fill">Given the mount's path, puts files there.</param>
    /// <param name="options">More arguments to mkntfs.</param>
    /// <returns>Path of a raw image that is the volume.</returns>
    public static Task<string> MakeAsync(TemporaryFolder folder, int mebibytes, Action<string> fill, params string[] options) =>
        MakeWithStreamsAsync(folder, mebibytes, fill, "none", options);

    /// <summary>The same, with a choice of how alternate streams are named.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="mebibytes">Size of the volume.</param>
    /// <param name="fill">Given the mount's path, puts files there.</param>
    /// <param name="streams"><c>none</c>, or <c>windows</c>: then <c>file:stream</c> is one.</param>
    /// <param name="options">More arguments to mkntfs.</param>
    public static async Task<string> MakeWithStreamsAsync(
        TemporaryFolder folder, int mebibytes, Action<string> fill, string streams, params string[] options)
    {
        Judge.Require("mkntfs", "ntfs-3g", "fusermount");
        if (!File.Exists("/dev/fuse"))
        {
            Judge.Missing("There is no /dev/fuse to mount a volume with.");
        }

        var path = folder.PathOf("volume.raw");
        using (var file = File.Create(path))
        {
            file.SetLength((long)mebibytes << 20);
        }

        await Judge.PassAsync("mkntfs", [.. options, "-F", "-q", "-s", "512", "-p", "0", "-H", "255", "-S", "63", path]);
        var mount = folder.PathOf("mount");
        Directory.CreateDirectory(mount);
        await Judge.PassAsync("ntfs-3g", "-o", $"compression,streams_interface={streams}", path, mount);
        try
        {
            fill(mount);
        }
        finally
        {
            await Judge.PassAsync("fusermount", "-u", mount);
        }

        return path;
    }
}

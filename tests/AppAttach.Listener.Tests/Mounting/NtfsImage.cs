using AppAttach.Contracts;

namespace AppAttach.Listener.Tests.Mounting;

/// <summary>Makes disk images with programs that are not ours: NTFS by mkntfs and ntfscp, GPT by sgdisk, VHDX or VHD by qemu-img.</summary>
internal static class NtfsImage
{
    public static readonly string[] Judges = ["mkntfs", "ntfs-3g", "sgdisk", "qemu-img", "vhdimount", "losetup"];

    private const int MegaByte = 1 << 20;
    private const int VolumeMegaBytes = 16;

    /// <summary>An image whose volume holds these files.</summary>
    public static Task<ImageReference> MakeAsync(string folder, string name, params (string Path, string Content)[] files) =>
        MakeAsync(folder, name, "vhdx", "subformat=dynamic", files);

    /// <summary>An image in a format and with options of qemu-img's.</summary>
    public static async Task<ImageReference> MakeAsync(
        string folder, string name, string format, string options, params (string Path, string Content)[] files)
    {
        var volume = Path.Combine(folder, name + ".volume");
        await using (var file = File.Create(volume))
        {
            file.SetLength(VolumeMegaBytes * MegaByte);
        }

        await Judge.PassAsync("mkntfs", "-F", "-Q", "-q", volume);
        await FillAsync(folder, volume, files);
        var disk = Path.Combine(folder, name + ".disk");
        await using (var file = File.Create(disk))
        {
            file.SetLength((VolumeMegaBytes + 2) * MegaByte);
        }

        await Judge.PassAsync("sgdisk", "-n", $"1:2048:+{VolumeMegaBytes}M", "-t", "1:0700", disk);
        await using (var target = File.OpenWrite(disk))
        await using (var source = File.OpenRead(volume))
        {
            target.Position = MegaByte;
            await source.CopyToAsync(target);
        }

        var image = Path.Combine(folder, name + (format == "vhdx" ? ".vhdx" : ".vhd"));
        await Judge.PassAsync("qemu-img", "convert", "-f", "raw", "-O", format, "-o", options, disk, image);
        File.Delete(volume);
        File.Delete(disk);
        return TestPackage.Reference(image);
    }

    // The volume is filled where a file, not a device, is mounted: it works in any container that has FUSE.
    private static async Task FillAsync(string folder, string volume, (string Path, string Content)[] files)
    {
        var mount = Directory.CreateDirectory(Path.Combine(folder, "fill")).FullName;
        await Judge.PassAsync("ntfs-3g", volume, mount);
        try
        {
            foreach (var (path, content) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(mount, path))!);
                await File.WriteAllTextAsync(Path.Combine(mount, path), content);
            }
        }
        finally
        {
            await Judge.PassAsync("umount", mount);
            Directory.Delete(mount);
        }
    }
}

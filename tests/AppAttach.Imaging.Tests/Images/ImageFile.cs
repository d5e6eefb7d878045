using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Disks;
using AppAttach.Imaging.Tests.Volumes;

namespace AppAttach.Imaging.Tests.Images;

/// <summary>Writes images to files and lets judges look at them.</summary>
internal static class ImageFile
{
    private static readonly string VerifyImage = Repository.PathOf("..", "shared", "tools", "verify-image");

    public static async Task<ImageRecord> WriteAsync(string path, ImageOptions options, params byte[][] packages)
    {
        await using var file = File.Create(path);
        await using var output = new ForwardOnlyStream(file);
        return await ImageWriter.WriteAsync([.. packages.Select(package => Package.Open(new MemoryStream(package)))], options, output);
    }

    /// <summary>Fails the test unless every judge that looks at the disk takes it.</summary>
    public static async Task RequireSoundDiskAsync(string image)
    {
        if (image.EndsWith(".vhdx", StringComparison.Ordinal))
        {
            var check = await Judge.PassAsync("qemu-img", "check", "-f", "vhdx", image);
            Assert.Contains("No errors were found", check, StringComparison.Ordinal);
        }
        else
        {
            // qemu-img has no check for VHD; what it takes for the size is worth asking.
            using var file = File.OpenRead(image);
            var said = await Judge.PassAsync("qemu-img", "info", "-f", "vpc", image) + await Judge.PassAsync("vhdiinfo", image);
            Assert.Equal(2, said.Split($"({ImageReader.Open(file).DiskSizeBytes} bytes)").Length - 1);
        }
    }

    /// <summary>Runs the checker of others over image and packages, where this checkout has it beside it.</summary>
    public static async Task VerifyAsync(string image, params string[] packages)
    {
        if (File.Exists(VerifyImage))
        {
            await Judge.PassAsync(VerifyImage, [image, "--root", "apps", .. packages.SelectMany(package => new[] { "--package", package })]);
        }
    }

    /// <summary>Takes the partition out of the disk that vhdimount sees in the image, and has its table checked.</summary>
    public static async Task ExtractPartitionAsync(string image, string partition, string mountPoint)
    {
        Judge.Require("vhdimount", "sgdisk");
        Directory.CreateDirectory(mountPoint);
        await Judge.PassAsync("vhdimount", image, mountPoint);
        try
        {
            var disk = Path.Combine(mountPoint, "vhdi1");
            var table = await Judge.PassAsync("sgdisk", "-v", disk);
            Assert.Contains("No problems found", table, StringComparison.Ordinal);
            Assert.DoesNotContain("Warning", table, StringComparison.OrdinalIgnoreCase);
            await using var source = File.OpenRead(disk);
            await using var target = File.Create(partition);

            // Sectors 2048 to 33 before the disk's end are the partition's to have; its own last one is named in its entry.
            var lastSector = new byte[8];
            source.Position = (2 * 512) + 40;
            await source.ReadExactlyAsync(lastSector);
            source.Position = DiskPlan.PartitionOffsetBytes;
            await source.CopyToAsync(target);
            target.SetLength(((BitConverter.ToInt64(lastSector) + 1) * 512) - DiskPlan.PartitionOffsetBytes);
        }
        finally
        {
            await Judge.PassAsync("fusermount3", "-u", mountPoint);
        }

        await VolumeJudges.RequireSoundAsync(partition);
    }
}

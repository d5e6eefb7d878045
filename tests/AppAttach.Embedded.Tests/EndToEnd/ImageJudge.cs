using System.IO.Compression;
using System.Security.Cryptography;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>Has programs of others look at an image, and compares what they see with what the archive holds.</summary>
internal static class ImageJudge
{
    /// <summary>Where our images have their one partition: sector 2048.</summary>
    private const long PartitionOffsetBytes = 2048 * 512;

    private static readonly string VerifyImage = Repository.PathOf("..", "shared", "tools", "verify-image");

    /// <summary>
    /// Fails unless qemu-img finds the disk sound and ntfs-3g shows exactly the package's files below <c>apps</c>. The archive is read
    /// with the framework's own reader, so that nothing of ours is judge in its own case.
    /// </summary>
    public static async Task RequireHoldsAsync(string image, params string[] packages)
    {
        Judge.Require("qemu-img", "vhdimount", "ntfs-3g", "fusermount3");
        if (image.EndsWith(".vhdx", StringComparison.Ordinal))
        {
            // There is no such check for VHD.
            var check = await Judge.PassAsync("qemu-img", "check", "-f", "vhdx", image);
            Assert.Contains("No errors were found", check, StringComparison.Ordinal);
        }

        if (File.Exists(VerifyImage))
        {
            await Judge.PassAsync(VerifyImage, [image, "--root", "apps", .. packages.SelectMany(package => new[] { "--package", package })]);
        }

        using var folder = new TemporaryFolder();
        var partition = folder.PathOf("partition");
        await Judge.PassAsync("vhdimount", image, Directory.CreateDirectory(folder.PathOf("disk")).FullName);
        try
        {
            await using var source = File.OpenRead(folder.PathOf("disk", "vhdi1"));
            await using var target = File.Create(partition);
            source.Position = PartitionOffsetBytes;
            await source.CopyToAsync(target);
        }
        finally
        {
            await Judge.PassAsync("fusermount3", "-u", folder.PathOf("disk"));
        }

        var volume = Directory.CreateDirectory(folder.PathOf("volume")).FullName;
        await Judge.PassAsync("ntfs-3g", "-o", "ro,streams_interface=none", partition, volume);
        try
        {
            await CompareAsync(Path.Combine(volume, "apps"), packages);
        }
        finally
        {
            await Judge.PassAsync("fusermount3", "-u", volume);
        }
    }

    /// <summary>SHA-256 of a file, in hexadecimal.</summary>
    public static async Task<string> DigestAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexString(await SHA256.HashDataAsync(file));
    }

    /// <summary>Fails unless a folder holds exactly what the packages lay down.</summary>
    public static async Task CompareAsync(string root, string[] packages)
    {
        var folders = Directory.GetDirectories(root);
        Assert.Equal(packages.Length, folders.Length);
        var expected = new List<string>();
        foreach (var package in packages)
        {
            await using var archive = await ZipFile.OpenReadAsync(package);
            var folder = FolderOf(archive, folders);
            foreach (var entry in archive.Entries.Where(entry => entry.FullName != "[Content_Types].xml"))
            {
                var path = Path.Combine(folder, Uri.UnescapeDataString(entry.FullName));
                expected.Add(path);
                await using var content = await entry.OpenAsync();
                Assert.True(Convert.ToHexString(await SHA256.HashDataAsync(content)) == await DigestAsync(path), $"{path} differs from the package.");
            }
        }

        var found = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    // Which folder is whose is told by the manifest, whose bytes must be there anyway.
    private static string FolderOf(ZipArchive archive, string[] folders)
    {
        using var reader = new StreamReader(archive.GetEntry("AppxManifest.xml")!.Open());
        var manifest = reader.ReadToEnd();
        return Assert.Single(folders, folder => File.ReadAllText(Path.Combine(folder, "AppxManifest.xml")) == manifest);
    }
}

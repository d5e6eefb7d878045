using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Tests.Volumes;
using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Emission;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Tests.Images;

/// <summary>Images as large as they can be, emitted whole and read back; what is in their files is zeros, which take no memory.</summary>
public sealed class LargeImageTests
{
    private const long Tebibyte = 1L << 40;

    private static readonly Guid Derived = new("01234567-89ab-8def-8123-456789abcdef");

    // The largest partition there may be, 2 TiB, with files around it: nothing is cut off at 32 bits.
    [Fact]
    public void ImageOfTwoTebibytes_IsSound()
    {
        (string Path, long Size)[] files =
        [
            ("first.bin", Tebibyte), ("small.txt", 5), ("folder/second.bin", Tebibyte - (200L << 20)), ("folder/last.txt", 4097),
        ];
        using var image = Write(files);
        Assert.InRange(image.Length, (2 * Tebibyte) - (200L << 20), (2 * Tebibyte) + (20L << 20));
        Assert.Equal([], ImageChecker.Check(image).Findings.Select(finding => finding.ToString()));
        var reader = ImageReader.Open(image);
        foreach (var (path, size) in files)
        {
            using var content = reader.OpenFile($"apps/{path}");
            Assert.Equal(size, content.Length);
            content.Position = size - 1;
            Assert.Equal(size <= SparseStream.Zeros.Length ? 1 : 0, content.ReadByte());
        }
    }

    [Fact]
    public void FlatFolderOf200000_IsSoundAndFound()
    {
        using var image = Write([.. Enumerable.Range(0, 200_000).Select(index => ($"A file of many {index}.txt", 1L))]);
        var report = ImageChecker.Check(image);
        Assert.Equal([], report.Findings.Select(finding => finding.ToString()));
        Assert.Equal((200_000, 1), (report.Files, report.Folders));
        var reader = ImageReader.Open(image);
        Assert.All(Enumerable.Range(0, 2000), index => Assert.NotNull(reader.Find($"APPS/A FILE OF MANY {index * 100}.TXT")));
    }

    private static SparseStream Write(IReadOnlyList<(string Path, long Size)> files)
    {
        var tree = new VolumeTree();
        var root = tree.AddFolder(SystemRecord.RootFolder, "apps", PackageSecurity.PackagesFolder);
        foreach (var (path, size) in files)
        {
            tree.AddFile(root, path, size);
        }

        var plan = VolumePlan.Create(tree, VolumeFile.Options);
        ByteExtent[] used = [new(0, plan.UsedLengthBytes), new(plan.BackupBootSectorOffsetBytes, 512)];
        var identifiers = new DiskIdentifiers(new(Derived, Derived, Derived), new(Derived, 0), Derived, Derived);
        var image = new SparseStream();
        var disk = new DiskWriter(image, new DiskPlan(plan.PartitionLengthBytes, used, identifiers));
        var volume = new VolumeWriter(plan, new DiskSink(disk));
        volume.WriteFileSystem();
        foreach (var (_, size) in files)
        {
            WriteContent(volume, size);
        }

        volume.Complete();
        disk.Complete();
        return image;
    }

    // Small files are ones, large ones zeros.
    private static void WriteContent(VolumeWriter volume, long size)
    {
        if (size <= SparseStream.Zeros.Length)
        {
            var ones = new byte[size];
            Array.Fill(ones, (byte)1);
            volume.WriteContent(VolumeFile.InClusters(ones));
            return;
        }

        for (var left = size; left > 0;)
        {
            var part = (int)Math.Min(left, SparseStream.Zeros.Length);
            volume.WriteContent(SparseStream.Zeros.AsSpan(0, part));
            left -= part;
        }
    }
}

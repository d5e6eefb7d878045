using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Disks;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Checking;

public class ImageCheckerTests
{
    /// <summary>Each damage: which rule finds it, and what it does to the image.</summary>
    private static readonly Dictionary<string, Action<SampleImage, byte[]>> Damages = new()
    {
        ["vhdx-header"] = (_, bytes) => bytes[VhdxRegions.FirstHeaderOffset + 20] ^= 1,
        ["vhdx-header/newer"] = (_, bytes) => bytes[VhdxRegions.SecondHeaderOffset + 20] ^= 1,
        ["vhdx-region-table"] = (_, bytes) => bytes[VhdxRegions.FirstRegionTableOffset + 5000] ^= 1,
        ["vhdx-region-table/copy"] = (_, bytes) => bytes[VhdxRegions.SecondRegionTableOffset + 5000] ^= 1,
        ["vhdx-block"] = (_, bytes) => bytes.AsSpan((int)VhdxPlan.BatOffsetBytes, 8).CopyTo(bytes.AsSpan((int)VhdxPlan.BatOffsetBytes + 8)),
        ["disk"] = (_, bytes) => bytes[VhdxPlan.MetadataOffsetBytes] ^= 1,
        ["mbr"] = (image, bytes) => bytes[image.FileOffsetOfDisk(446 + 12)] ^= 1,
        ["gpt-primary"] = (image, bytes) => bytes[image.FileOffsetOfDisk(512 + 60)] ^= 1,
        ["gpt-primary/table"] = (image, bytes) => bytes[image.FileOffsetOfDisk(1024 + 60)] ^= 1,
        ["gpt-backup"] = (image, bytes) => bytes[image.FileOffsetOfDisk(image.DiskLength - 512 + 60)] ^= 1,
        ["volume"] = (image, bytes) => bytes[image.FileOffsetOfCluster(0, 13)] = 7,
        ["boot-backup"] = (image, bytes) =>
            bytes[image.FileOffsetOfDisk(GptLayout.PartitionOffsetBytes + (image.Volume.Boot.SectorCount * 512) + 100)] ^= 1,
        ["boot-sector"] = (image, bytes) => bytes[image.FileOffsetOfCluster(0, 28)] ^= 1,
        ["mft-mirror"] = (image, bytes) => bytes[image.FileOffsetOfCluster(image.Volume.Boot.MftMirrorCluster, 1024 + 100)] ^= 1,
        ["upcase"] = (image, bytes) => bytes[image.FileOffsetOfCluster(image.FirstCluster(SystemRecord.Upcase, AttributeType.Data), 200)] ^= 1,
        ["volume-dirty"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(SystemRecord.Volume, AttributeType.VolumeInformation) + 24 + 10] |= 1,
        ["volume-information"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(SystemRecord.Volume, AttributeType.VolumeInformation) + 24 + 8] = 4,
        ["mft-bitmap"] = (image, bytes) => bytes[image.FileOffsetOfCluster(image.FirstCluster(0, AttributeType.Bitmap), 5)] ^= 1,
        ["bitmap"] = (image, bytes) => bytes[image.FileOffsetOfCluster(image.FirstCluster(SystemRecord.Bitmap, AttributeType.Data), 5)] ^= 1,
        ["secure-entry"] = (image, bytes) =>
            bytes[image.FileOffsetOfCluster(image.FirstCluster(SystemRecord.Secure, AttributeType.Data, "$SDS"), 30)] ^= 1,
        ["secure-entry/copy"] = (image, bytes) =>
            bytes[image.FileOffsetOfCluster(image.FirstCluster(SystemRecord.Secure, AttributeType.Data, "$SDS"), 0x40000 + 30)] ^= 1,
        ["record"] = (image, bytes) => bytes[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 510)] ^= 1,
        ["record-number"] = (image, bytes) => bytes[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 44)] ^= 1,
        ["record-size"] = (image, bytes) => bytes[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 24)] += 8,
        ["link-count"] = (image, bytes) => bytes[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 18)]++,
        ["index-reference"] = (image, bytes) => bytes[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 16)]++,
        ["attribute-instance"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(image.RecordOf("empty.txt"), AttributeType.FileName) + 14] = 99,
        ["attribute-order"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(image.RecordOf("empty.txt"), AttributeType.StandardInformation)] = 0xD0,
        ["attribute-flags"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(image.RecordOf("empty.txt"), AttributeType.FileName) + 22] ^= 1,
        ["attribute-flags/unit"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(image.RecordOf(SampleImage.LargeFile), AttributeType.Data) + 34] = 4,
        ["security-id"] = (image, bytes) =>
            bytes[image.FileOffsetOfAttribute(image.RecordOf("empty.txt"), AttributeType.StandardInformation) + 24 + 53] ^= 0x40,
        ["folder-flag"] = (image, bytes) => bytes[image.FileOffsetOfRecord(image.RecordOf("empty.txt"), 22)] |= 2,
        ["cluster-double"] = (image, bytes) => SetFirstLcn(image, bytes, image.RecordOf(SampleImage.LargeFile)),
        ["index-order"] = (image, bytes) => bytes[FindInIndex(image, bytes, "file-00007 with")] = (byte)'z',
        ["name-unlisted"] = (image, bytes) => bytes[FindInIndex(image, bytes, "file-00007 with") + 22] ^= 1,
        ["index-size"] = (image, bytes) => bytes[FindInIndex(image, bytes, "file-00007 with") - 66 + 48] ^= 1,
        ["index-parent"] = (image, bytes) => bytes[FindInIndex(image, bytes, "file-00007 with") - 66] ^= 1,
        ["index"] = (image, bytes) => bytes[image.FileOffsetOfCluster(image.FirstCluster(image.RecordOf("many"), AttributeType.IndexAllocation, "$I30"), 16)] ^= 1,
        ["content-differs"] = (image, bytes) =>
            bytes[image.FileOffsetOfCluster(image.FirstCluster(image.RecordOf(SampleImage.LargeFile), AttributeType.Data), 100_000)] ^= 1,
    };

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    [Fact]
    public void OwnImage_IsSound()
    {
        var image = SampleImage.Instance;
        var report = ImageChecker.CheckAgainst(new MemoryStream(image.Bytes), [image.OpenPackage()]);

        AssertSound(report);
        Assert.Equal(image.OpenPackage().Files.Count, report.Files);
        Assert.Equal(7, report.Folders);
    }

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void Damage_IsFound(string damage)
    {
        var image = SampleImage.Instance;
        var bytes = image.Bytes.ToArray();
        Damages[damage](image, bytes);
        var report = ImageChecker.CheckAgainst(new MemoryStream(bytes), [image.OpenPackage()]);

        Assert.False(report.IsSound);
        Assert.Contains(damage.Split('/')[0], report.Findings.Select(finding => finding.Id));
        Assert.All(report.Findings, finding => Assert.EndsWith(".", finding.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "vhdx-length")]
    [InlineData(1 << 20, "vhdx-block")]
    public void TruncatedFile_IsFound(int missing, string id)
    {
        var report = ImageChecker.Check(new MemoryStream(SampleImage.Instance.Bytes[..^missing]));

        Assert.Contains(id, report.Findings.Select(finding => finding.Id));
    }

    [Fact]
    public void ImageOfAnotherPackage_HasNotItsFiles()
    {
        var image = SampleImage.Instance;
        var other = new PackageBuilder().With("empty.txt", "").With("resident.txt", "not as many").With("more.txt", "x").Build();
        var report = ImageChecker.CheckAgainst(new MemoryStream(image.Bytes), [Package.Open(new MemoryStream(other))]);

        var ids = report.Findings.Select(finding => finding.Id).ToHashSet();
        Assert.Contains("content-missing", ids);
        Assert.Contains("content-extra", ids);
    }

    [Fact]
    public void TooManyFindings_EndTheCheck()
    {
        var image = SampleImage.Instance;
        var bytes = image.Bytes.ToArray();
        for (var record = 100; record < 200; record++)
        {
            bytes[image.FileOffsetOfRecord(record, 44)] ^= 0x40;
        }

        var report = ImageChecker.Check(new MemoryStream(bytes), new CheckOptions { MaximumFindings = 10 });

        Assert.Equal(10, report.Findings.Count);
        Assert.False(report.IsComplete);
    }

    [Fact]
    public async Task ValidPackagesOfTheCorpus_MakeSoundImages()
    {
        foreach (var row in PackageCorpus.Rows.Where(row => row.IsValid && !row.IsBundle))
        {
            using var packageFile = File.OpenRead(PackageCorpus.PathOf(row.Path));
            var package = Package.Open(packageFile);
            using var image = new MemoryStream();
            await ImageWriter.WriteAsync([package], new ImageOptions(), image);
            AssertSound(ImageChecker.CheckAgainst(image, [package]));
        }
    }

    [Fact]
    public async Task VolumeOfNtfs3g_IsSound()
    {
        using var folder = new TemporaryFolder();
        var path = await ForeignVolume.MakeAsync(folder, 64, mount =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var parent = Directory.CreateDirectory(Path.Combine(mount, $"folder {i % 7}")).FullName;
                File.WriteAllBytes(Path.Combine(parent, $"file {i} of many"), DiskFixtures.Noise(i, i * 7));
            }
        });
        using var file = File.OpenRead(path);
        var report = ImageChecker.Check(file);

        AssertSound(report);
        Assert.Equal((2000, 7), (report.Files, report.Folders));
    }

    /// <summary>Whatever the bytes of the head are, the check ends with a report.</summary>
    [Fact]
    public void RandomMutations_EndInAReport()
    {
        var image = SampleImage.Instance;
        var random = new Random(20260102);
        var head = image.FileOffsetOfCluster(image.FirstCluster(image.RecordOf(SampleImage.LargeFile), AttributeType.Data));
        int[] starts =
        [
            0, (int)VhdxPlan.BatOffsetBytes, (int)VhdxPlan.MetadataOffsetBytes, image.FileOffsetOfDisk(0), image.FileOffsetOfCluster(0),
            image.FileOffsetOfRecord(0), image.FileOffsetOfRecord(5), image.FileOffsetOfRecord(image.RecordOf("many")),
            image.FileOffsetOfCluster(image.FirstCluster(image.RecordOf("many"), AttributeType.IndexAllocation, "$I30")),
        ];
        for (var round = 0; round < 120; round++)
        {
            var bytes = image.Bytes.ToArray();
            for (var i = 0; i < 1 + random.Next(8); i++)
            {
                var at = random.Next(2) == 0 ? random.Next(head) : starts[random.Next(starts.Length)] + random.Next(2000);
                bytes[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
            }

            Assert.NotNull(ImageChecker.CheckAgainst(new MemoryStream(bytes), [image.OpenPackage()]));
        }
    }

    private static void AssertSound(CheckReport report)
    {
        Assert.Equal([], report.Findings.Select(finding => finding.ToString()));
        Assert.True(report.IsSound);
    }

    private static int FindInIndex(SampleImage image, byte[] bytes, string name)
    {
        var start = image.FileOffsetOfCluster(image.FirstCluster(image.RecordOf("many"), AttributeType.IndexAllocation, "$I30"));
        var at = bytes.AsSpan(start).IndexOf(System.Text.Encoding.Unicode.GetBytes(name));
        Assert.True(at >= 0, $"No index entry '{name}'.");
        return start + at;
    }

    /// <summary>Moves a file's only run one cluster back, onto what stands before it.</summary>
    private static void SetFirstLcn(SampleImage image, byte[] bytes, long record)
    {
        var attribute = image.FileOffsetOfAttribute(record, AttributeType.Data);
        var runs = attribute + bytes[attribute + 32];
        bytes[runs + 1 + (bytes[runs] & 0xF)]--;
    }
}

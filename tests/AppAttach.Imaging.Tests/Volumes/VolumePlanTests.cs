using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Tests.Volumes;

public sealed class VolumePlanTests
{
    [Theory]
    [InlineData("a.txt", "A.TXT")]
    [InlineData("folder/Ä", "folder/ä")]
    [InlineData("Folder/x", "folder/X")]
    [InlineData("name", "NAME/inner")]
    public void NamesThatDifferInCaseOnly_AreRefused(string first, string second) =>
        Assert.Equal(Defect.UnsafeName, Refusal((first, 1), (second, 1)).Defect);

    [Fact]
    public void FoldersThatDifferInCaseOnly_AreOneFolder()
    {
        var plan = VolumeFile.Plan([("Assets/a.png", 1), ("assets/b.png", 1)]);
        Assert.Equal(SystemRecord.FirstUser + 4, plan.Nodes.Length);
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a:b")]
    [InlineData("a\u0001")]
    [InlineData("trailing.")]
    [InlineData("trailing /x")]
    [InlineData("a\\b")]
    [InlineData("..")]
    public void NameThatWindowsCannotOpen_IsRefused(string path) => Assert.Equal(Defect.UnsafeName, Refusal((path, 1)).Defect);

    [Fact]
    public void NameOf256Units_IsRefused() => Assert.Equal(Defect.UnsafeName, Refusal((new string('n', 256), 1)).Defect);

    [Fact]
    public void FilesBeyondTwoTebibytes_AreRefused()
    {
        const long tebibyte = 1L << 40;
        Assert.True(VolumeFile.Plan([("a", tebibyte), ("b", tebibyte - (128 << 20))]).PartitionLengthBytes <= 2 * tebibyte);
        Assert.Equal(Defect.LimitExceeded, Refusal(("a", tebibyte), ("b", tebibyte)).Defect);
        Assert.Equal(Defect.LimitExceeded, Refusal(("a", (2 * tebibyte) + 1)).Defect);
    }

    [Fact]
    public void FoldersBeyondTheDepthLimit_AreRefused()
    {
        static string Path(int depth) => string.Concat(Enumerable.Repeat("d/", depth)) + "x";
        Assert.Equal(VolumeLimits.MaximumDepth, VolumeFile.Plan([(Path(VolumeLimits.MaximumDepth), 1)]).Folders.Length - 3);
        Assert.Equal(Defect.LimitExceeded, Refusal((Path(VolumeLimits.MaximumDepth + 1), 1)).Defect);
    }

    // Each size moves the end of the files by a cluster, across the next whole mebibyte.
    [Fact]
    public void VolumeOfAnySize_HoldsItsFilesAndNothingMore()
    {
        for (var clusters = 0; clusters < 600; clusters++)
        {
            var plan = VolumeFile.Plan([("file", clusters * 4096L)]);
            Assert.Equal(0, plan.PartitionLengthBytes % (1 << 20));
            Assert.True(plan.UsedLengthBytes <= plan.BackupBootSectorOffsetBytes);
            Assert.True(plan.BackupBootSectorOffsetBytes - plan.UsedLengthBytes < (1 << 20) + 4096);
            Assert.Equal((plan.PartitionLengthBytes / 512) - 1, plan.BootSector.SectorCount);
        }
    }

    [Theory]
    [InlineData("readme.txt", 3)]
    [InlineData("12345678.123", 3)]
    [InlineData("123456789.123", 1)]
    [InlineData("12345678.1234", 1)]
    [InlineData("a.b.c", 1)]
    [InlineData("a b", 1)]
    [InlineData("a+b", 1)]
    [InlineData(".net", 1)]
    [InlineData("ä", 1)]
    [InlineData("~$x!", 3)]
    public void NameSpace_SaysWhetherItIsAShortName(string name, int expected) => Assert.Equal(expected, (int)VolumeName.SpaceOf(name));

    private static InvalidInputException Refusal(params (string Path, long SizeBytes)[] files) =>
        Assert.Throws<InvalidInputException>(() => VolumeFile.Plan(files));
}

using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Volumes;
using AppAttach.Imaging.Volumes;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Images;

public sealed class ImageTimesTests : IDisposable
{
    private static readonly DateTimeOffset Older = new(2019, 1, 2, 3, 4, 6, TimeSpan.Zero);
    private static readonly DateTimeOffset Newer = new(2023, 5, 6, 7, 8, 10, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Each file has its own time, a folder that of the newest file below it, and nothing one later than the volume's.
    [Fact]
    public async Task FilesKeepTheirTimes_AndFoldersHaveTheNewestBelow()
    {
        (string Path, DateTimeOffset? Time)[] files =
        [
            ("old/a", Older), ("old/deep/b", Newer), ("old/other/c", Older.AddSeconds(2)), ("late/d", VolumeFile.Time.AddYears(1)),
            ("unknown/e", null), ("early/f", new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        ];
        var tree = new VolumeTree();
        var root = tree.AddFolder(SystemRecord.RootFolder, "apps", PackageSecurity.PackagesFolder);
        foreach (var (path, time) in files)
        {
            tree.AddFile(root, path, 1, time);
        }

        var volume = _folder.PathOf("volume.img");
        VolumeFile.Write(volume, VolumePlan.Create(tree, VolumeFile.Options), files.Length, _ => [1]);
        await VolumeJudges.RequireSoundAsync(volume);
        await using var mounted = await MountedVolume.MountAsync(volume, _folder.PathOf("mount"));
        var first = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        (string Path, DateTimeOffset Time)[] expected =
        [
            ("old/a", Older), ("old/deep/b", Newer), ("old/deep", Newer), ("old/other", Older.AddSeconds(2)), ("old", Newer),
            ("late/d", VolumeFile.Time), ("late", VolumeFile.Time), ("unknown/e", VolumeFile.Time), ("early/f", first), ("early", first),
            ("", VolumeFile.Time),
        ];
        Assert.All(expected, item => Assert.Equal(item.Time.UtcDateTime, File.GetLastWriteTimeUtc(Path.Combine(mounted.Path, "apps", item.Path))));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2021-01-01T00:00:00Z")]
    public async Task PackagesOfDifferentAge_KeepTheirTimes(string? latest)
    {
        var time = latest is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(latest, System.Globalization.CultureInfo.InvariantCulture);
        var image = _folder.PathOf("image.vhdx");
        await ImageFile.WriteAsync(image, new ImageOptions { Time = time }, Make("Contoso.Old", Older), Make("Contoso.New", Newer));
        using var file = File.OpenRead(image);
        var entries = ImageReader.Open(file).Enumerate("apps").ToList();
        Assert.All(entries, entry => Assert.Equal(
            entry.Path.StartsWith("apps/Contoso.Old", StringComparison.Ordinal) ? Older : time ?? Newer, entry.LastWriteTime));
    }

    private static byte[] Make(string name, DateTimeOffset time) =>
        new PackageBuilder { Name = name, Options = PackageWriterOptions.Default with { LastWriteTime = time } }.With("folder/file.txt", "x").Build();
}

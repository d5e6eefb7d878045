namespace AppAttach.Imaging.Tests.Volumes;

public sealed class VolumeWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(65536)]
    [InlineData(1048577)]
    public async Task FileOfSize_IsReadBack(int sizeBytes) =>
        await RequireReadBackAsync([("before.bin", 5), ("file.bin", sizeBytes), ("after.bin", 5)]);

    // Around the number of entries that a folder's record holds: short and long names.
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(7, 5)]
    [InlineData(8, 5)]
    [InlineData(9, 5)]
    [InlineData(1, 255)]
    [InlineData(2, 255)]
    [InlineData(6, 255)]
    [InlineData(7, 255)]
    [InlineData(8, 255)]
    [InlineData(13, 255)]
    [InlineData(14, 255)]
    public async Task FolderOfEntries_IsReadBack(int count, int nameLength) =>
        await RequireReadBackAsync([("other.bin", 1), .. Names(count, nameLength).Select(name => ("folder/" + name, 3L))]);

    [Fact]
    public async Task FolderNameOf255UnitsWithManyEntries_IsReadBack()
    {
        var folder = new string('f', 255);
        await RequireReadBackAsync([.. Names(15000, 20).Select(name => ($"{folder}/{name}", 0L))]);
    }

    // With names of eight characters 38 to 41 entries are the most in one index buffer, some 77 in two.
    [Theory]
    [InlineData(36)]
    [InlineData(37)]
    [InlineData(38)]
    [InlineData(39)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(75)]
    [InlineData(76)]
    [InlineData(77)]
    [InlineData(78)]
    [InlineData(79)]
    [InlineData(80)]
    public async Task FolderAroundOneAndTwoIndexBuffers_IsReadBack(int count) =>
        await RequireReadBackAsync([.. Names(count, 8).Select(name => (name, 0L))]);

    [Fact]
    public async Task TwentyThousandFilesInOneFolder_AreReadBack() =>
        await RequireReadBackAsync([.. Names(20000, 12).Select(name => ("many/" + name, 1L))]);

    [Fact]
    public async Task NamesOfManyScripts_AreReadBackAndListedInOrder() => await RequireReadBackAsync(
    [
        ("ß.txt", 1), ("ẞ.txt", 1), ("ss.txt", 1), ("ıI.txt", 1), ("İ.txt", 1), ("ΑΣΣ.txt", 1), ("σς.txt", 1), ("ﬀ.txt", 1),
        ("😀.txt", 1), ("🇩🇪.txt", 1), ("שלום.txt", 1), ("مرحبا.txt", 1), ("日本語.txt", 1), ("e\u0301.txt", 1), ("é.txt", 1),
        ("a b", 1), ("a+b=c;d.e.f", 1), (".hidden", 1), ("noextension", 1), ("UPPER.TXT", 1), ("_under", 1), ("[x]", 1), ("\uFFFD", 1),
    ]);

    [Fact]
    public async Task TwoHundredLevels_AreReadBack() =>
        await RequireReadBackAsync([(string.Concat(Enumerable.Repeat("d/", 200)) + "leaf.txt", 10)]);

    [Fact]
    public async Task FilesOfSeveralGibibytes_AreReadBack()
    {
        var volume = _folder.PathOf("volume.img");
        VolumeFile.Write(volume, [("first.bin", 5L << 30), ("second.bin", (4L << 30) + 1), ("third.bin", 7)]);
        await using var mounted = await MountedVolume.MountAsync(volume, _folder.PathOf("mount"));
        using var first = File.OpenRead(Path.Combine(mounted.Path, "apps", "first.bin"));
        Assert.Equal(5L << 30, first.Length);
        first.Position = first.Length - 2;
        Assert.Equal(0, first.ReadByte());
        Assert.Equal(VolumeFile.ByteAt(0, first.Length - 1), first.ReadByte());
        using var second = File.OpenRead(Path.Combine(mounted.Path, "apps", "second.bin"));
        second.Position = 4L << 30;
        Assert.Equal(VolumeFile.ByteAt(1, 4L << 30), second.ReadByte());
        Assert.Equal(VolumeFile.ContentOf(2, 7), await File.ReadAllBytesAsync(Path.Combine(mounted.Path, "apps", "third.bin")));
    }

    // More index buffers than the folder's record has bits for, and inner nodes below the root.
    [Fact]
    public async Task SeventyThousandFilesInOneFolder_AreListed()
    {
        var volume = _folder.PathOf("volume.img");
        var names = Names(70_000, 20).ToList();
        var plan = VolumeFile.Write(volume, [.. names.Select(name => (name, 0L))]);
        Assert.Contains(plan.Folders, folder => folder.Index.Tree is { LevelCount: 3, RootEntryCount: > 0 } && !folder.Index.IsBitmapResident);
        await VolumeJudges.RequireSoundAsync(volume);
        await using var mounted = await MountedVolume.MountAsync(volume, _folder.PathOf("mount"));
        var found = Directory.EnumerateFiles(Path.Combine(mounted.Path, "apps")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(names, found!);
        Assert.True(File.Exists(Path.Combine(mounted.Path, "apps", names[65_432])));
    }

    // Trees of random shape: names of random lengths and scripts, folders in folders, sizes around clusters.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task RandomTree_IsReadBack(int seed)
    {
        var random = new Random(seed);
        var folders = new List<string> { "" };
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var index = 0; index < 400; index++)
        {
            var path = folders[random.Next(folders.Count)] + RandomName(random, index);
            if (random.Next(6) == 0 && path.Length < 1000)
            {
                folders.Add(path + "/");
            }
            else
            {
                files.Add(path, random.Next(4) == 0 ? random.Next(4090, 4100) : random.Next(0, 20000));
            }
        }

        await RequireReadBackAsync([.. files.Select(file => (file.Key, file.Value))]);
    }

    // The number makes names different; the rest may be anything that Linux, too, takes as a name of up to 255 bytes.
    private static string RandomName(Random random, int index)
    {
        const string characters = "abcXYZ019 _-äßçİıσςΣжЖ語עم😀";
        var name = new System.Text.StringBuilder();
        for (var length = random.Next(0, 40); length > 0; length--)
        {
            var rune = characters.EnumerateRunes().ElementAt(random.Next(characters.EnumerateRunes().Count()));
            name.Append(rune);
        }

        return name.Append(index).ToString();
    }

    private static IEnumerable<string> Names(int count, int length) =>
        Enumerable.Range(0, count).Select(index => ($"{index:D5}" + new string('x', length))[..length]);

    private async Task RequireReadBackAsync((string Path, long SizeBytes)[] files)
    {
        var volume = _folder.PathOf("volume.img");
        var plan = VolumeFile.Write(volume, files);
        Assert.Equal(0, plan.PartitionLengthBytes % (1 << 20));
        Assert.Equal(plan.PartitionLengthBytes, new FileInfo(volume).Length);
        await VolumeJudges.RequireSoundAsync(volume);
        await using var mounted = await MountedVolume.MountAsync(volume, _folder.PathOf("mount"));
        var root = Path.Combine(mounted.Path, "apps");
        for (var index = 0; index < files.Length; index++)
        {
            var path = Path.Combine([root, .. files[index].Path.Split('/')]);
            Assert.Equal(VolumeFile.ContentOf(index, (int)files[index].SizeBytes), await File.ReadAllBytesAsync(path));
            Assert.Equal(VolumeFile.Time.UtcDateTime, File.GetLastWriteTimeUtc(path));
        }

        var found = Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
        Assert.Equal(files.Select(file => file.Path).Order(StringComparer.Ordinal), found.Select(path => path[(root.Length + 1)..]).Order(StringComparer.Ordinal));
    }
}

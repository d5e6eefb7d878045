using AppAttach.Imaging.Images;
using AppAttach.Imaging.Tests.Disks;

namespace AppAttach.Imaging.Tests.Checking;

public class ImageReaderTests
{
    [Fact]
    public async Task VolumeOfNtfs3g_ReadsAsItWasFilled()
    {
        using var folder = new TemporaryFolder();
        var contents = new Dictionary<string, byte[]>
        {
            ["empty.txt"] = [],
            ["resident.txt"] = DiskFixtures.Noise(1, 300),
            ["one-cluster.bin"] = DiskFixtures.Noise(2, 4096),
            ["large.bin"] = DiskFixtures.Noise(3, 5_000_001),
            ["deep/er/and/deeper/Grüße 漢字 😀.txt"] = DiskFixtures.Noise(4, 9000),
            [new string('n', 255)] = DiskFixtures.Noise(5, 5),
        };
        for (var i = 0; i < 3000; i++)
        {
            contents[$"many/file-{i:D5} with a name.txt"] = DiskFixtures.Noise(i, i % 900);
        }

        var path = await ForeignVolume.MakeAsync(folder, 64, mount => Fill(mount, contents));
        using var file = File.OpenRead(path);
        var reader = ImageReader.Open(file);
        var entries = reader.Enumerate().ToList();

        Assert.Equal(
            contents.Keys.Order(StringComparer.Ordinal),
            entries.Where(entry => !entry.IsFolder).Select(entry => entry.Path).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["deep", "deep/er", "deep/er/and", "deep/er/and/deeper", "many"],
            entries.Where(entry => entry.IsFolder).Select(entry => entry.Path).Order(StringComparer.Ordinal));
        Assert.All(entries.Where(entry => !entry.IsFolder), entry =>
        {
            Assert.Equal(contents[entry.Path].Length, entry.SizeBytes);
            Assert.Equal(contents[entry.Path], ReadAll(reader, entry.Path));
            Assert.InRange(entry.LastWriteTime, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        });
        Assert.NotNull(reader.Find("MANY/FILE-00001 WITH A NAME.TXT"));
        Assert.Null(reader.Find("many/file-1"));
        Assert.Null(reader.Find("empty.txt/below"));
        Assert.Equal(3000, reader.Enumerate("many").Count());
        Assert.Throws<FileNotFoundException>(() => reader.Enumerate("empty.txt"));
        Assert.Throws<FileNotFoundException>(() => reader.OpenFile("many"));
    }

    [Theory]
    [InlineData("512")]
    [InlineData("16384")]
    public async Task OtherClusterSizes_AreRead(string clusterSize)
    {
        using var folder = new TemporaryFolder();
        var contents = Enumerable.Range(0, 200).ToDictionary(i => $"folder/file {i}", i => DiskFixtures.Noise(i, i * 100));
        var path = await ForeignVolume.MakeAsync(folder, 32, mount => Fill(mount, contents), "-c", clusterSize);
        using var file = File.OpenRead(path);
        var reader = ImageReader.Open(file);

        Assert.Equal(200, reader.Enumerate("folder").Count());
        Assert.All(contents, content => Assert.Equal(content.Value, ReadAll(reader, content.Key)));
    }

    /// <summary>Writing small pieces of two files in turn scatters both, so that their runs need records of their own.</summary>
    [Fact]
    public async Task ScatteredAndSparseFiles_AreRead()
    {
        using var folder = new TemporaryFolder();
        var first = DiskFixtures.Noise(1, 4096 * 300);
        var sparse = new byte[20_000_000];
        DiskFixtures.Noise(2, 100).CopyTo(sparse, 19_000_000);
        var path = await ForeignVolume.MakeAsync(folder, 64, mount =>
        {
            for (var i = 0; i < 1200; i++)
            {
                File.WriteAllBytes(Path.Combine(mount, $"filler{i}"), new byte[4096]);
            }

            using (var rest = File.Create(Path.Combine(mount, "rest")))
            {
                try
                {
                    while (true)
                    {
                        rest.Write(new byte[4096]);
                        rest.Flush();
                    }
                }
                catch (IOException)
                {
                    // The volume is full: now only the holes made below are free.
                }
            }

            for (var i = 0; i < 1200; i += 2)
            {
                File.Delete(Path.Combine(mount, $"filler{i}"));
            }

            File.WriteAllBytes(Path.Combine(mount, "scattered"), first);
            File.Delete(Path.Combine(mount, "rest"));
            using var hole = File.Create(Path.Combine(mount, "sparse"));
            hole.SetLength(sparse.Length);
            hole.Position = 19_000_000;
            hole.Write(sparse, 19_000_000, 100);
        });
        using var file = File.OpenRead(path);
        var reader = ImageReader.Open(file);

        Assert.Equal(first, ReadAll(reader, "scattered"));
        Assert.Equal(sparse, ReadAll(reader, "sparse"));
    }

    [Fact]
    public async Task CompressedFile_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var path = await ForeignVolume.MakeAsync(
            folder, 32, mount => File.WriteAllBytes(Path.Combine(mount, "squeezed.txt"), new byte[300_000]), "-C");
        using var file = File.OpenRead(path);
        var reader = ImageReader.Open(file);

        var exception = Assert.Throws<InvalidInputException>(() => reader.OpenFile("squeezed.txt"));
        Assert.Equal("image-unsupported", exception.Code);
        Assert.Contains("squeezed.txt", exception.Message, StringComparison.Ordinal);
    }

    private static void Fill(string mount, Dictionary<string, byte[]> contents)
    {
        foreach (var (name, bytes) in contents)
        {
            var path = Path.Combine(mount, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    private static byte[] ReadAll(ImageReader reader, string path)
    {
        using var stream = reader.OpenFile(path);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}

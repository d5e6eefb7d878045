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

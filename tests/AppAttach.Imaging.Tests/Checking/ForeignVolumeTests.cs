using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Tests.Disks;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Reading;

namespace AppAttach.Imaging.Tests.Checking;

/// <summary>Volumes that mkntfs made and ntfs-3g wrote to, in ways that our own writer never does: every byte is read, and nothing is called damage.</summary>
public sealed class ForeignVolumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    [InlineData(8192)]
    [InlineData(16384)]
    [InlineData(32768)]
    [InlineData(65536)]
    public async Task ClusterSizes_AreRead(int clusterSize)
    {
        var path = await ForeignVolume.MakeAsync(
            _folder,
            64,
            mount =>
            {
                for (var index = 0; index < 300; index++)
                {
                    Put(mount, $"sizes/file {index} with a name that is long", DiskFixtures.Noise(index, index * 97));
                }

                foreach (var size in (int[])[clusterSize - 1, clusterSize, clusterSize + 1, 3_000_001])
                {
                    Put(mount, $"around {size}", DiskFixtures.Noise(size, size));
                }

                Put(mount, "empty", []);
                Put(mount, "deep/er/and/Grüße 漢字 😀", DiskFixtures.Noise(1, 700));
                Put(mount, new string('n', 255), DiskFixtures.Noise(2, 5));
            },
            "-c",
            $"{clusterSize}");
        RequireRead(path);
    }

    // Indexes that grew, lost entries in their middle, merged and grew again.
    [Fact]
    public async Task IndexAfterInsertingAndDeleting_IsRead()
    {
        var path = await ForeignVolume.MakeAsync(_folder, 64, mount =>
        {
            var random = new Random(5);
            for (var round = 0; round < 4; round++)
            {
                for (var index = 0; index < 1500; index++)
                {
                    Put(mount, $"many/{random.Next(100_000):D6} {new string('x', random.Next(60))}", [(byte)index]);
                }

                foreach (var name in _contents.Keys.Where(_ => random.Next(3) > 0).ToList())
                {
                    File.Delete(Path.Combine(mount, name));
                    _contents.Remove(name);
                }
            }
        });
        RequireRead(path);
    }

    // A full volume whose free clusters are single ones: files, $MFT and index buffers go to pieces, and their runs to records of their own.
    [Fact]
    public async Task ScatteredFilesAndMft_AreRead()
    {
        var path = await ForeignVolume.MakeAsync(_folder, 32, Scatter, "-c", "4096");
        RequireRead(path);
        using var file = File.OpenRead(path);
        var volume = new VolumeReader(PartitionTable.OpenNtfsVolume(VirtualDisk.Open(file)));
        Assert.NotNull(volume.Find("scattered")!.Find(AttributeType.AttributeList));
        Assert.True(volume.FindParts(volume.Find("scattered")!, AttributeType.Data).Count > 1);
        Assert.True(volume.ReadRecord(SystemRecord.Mft).Find(AttributeType.Data)!.ReadRuns(volume.Boot.ClusterCount).Count > 5);
    }

    [Fact]
    public async Task SparseFiles_AreReadWithZerosInTheirHoles()
    {
        var path = await ForeignVolume.MakeAsync(_folder, 64, mount =>
        {
            foreach (var (name, size, at) in new (string, int, int)[] { ("end", 30_000_000, 29_999_900), ("middle", 20_000_000, 9_000_000), ("all", 5_000_000, -1) })
            {
                var content = new byte[size];
                using var stream = File.Create(Path.Combine(mount, name));
                stream.SetLength(size);
                if (at >= 0)
                {
                    DiskFixtures.Noise(at, 100).CopyTo(content, at);
                    stream.Position = at;
                    stream.Write(content, at, 100);
                }

                _contents[name] = content;
            }
        });
        RequireRead(path);
    }

    // Content that compresses well, hardly, not at all, by turns and to nothing; sizes around the unit of 64 KiB and within its chunks of 4 KiB.
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public async Task CompressedFiles_AreExpanded(int clusterSize)
    {
        var path = await ForeignVolume.MakeAsync(
            _folder,
            128,
            mount =>
            {
                foreach (var size in (int[])[1, 4095, 4096, 4097, 65535, 65536, 65537, 200_000, 3_000_001])
                {
                    Put(mount, $"zeros {size}", new byte[size]);
                    Put(mount, $"noise {size}", DiskFixtures.Noise(size, size));
                    Put(mount, $"text {size}", Text(size));
                    var mixed = Text(size);
                    for (var at = 0; at + 5000 < size; at += 30_000)
                    {
                        DiskFixtures.Noise(at, 5000).CopyTo(mixed, at);
                        mixed.AsSpan(at, size - at)[..Math.Min(size - at, 2000)].Clear();
                    }

                    Put(mount, $"mixed {size}", mixed);
                }

                // Written piece by piece, and over again.
                var text = Text(500_000);
                using var stream = File.Create(Path.Combine(mount, "rewritten"));
                for (var at = 0; at < text.Length; at += 10_000)
                {
                    stream.Write(text, at, 10_000);
                }

                DiskFixtures.Noise(3, 70_000).CopyTo(text, 100_000);
                stream.Position = 100_000;
                stream.Write(text, 100_000, 70_000);
                _contents["rewritten"] = text;
            },
            "-C",
            "-c",
            $"{clusterSize}");
        RequireRead(path);
        using var file = File.OpenRead(path);
        var volume = new VolumeReader(PartitionTable.OpenNtfsVolume(VirtualDisk.Open(file)));
        Assert.Equal(AttributeFlags.Compressed, volume.FindAttribute(volume.Find("text 200000")!, AttributeType.Data)!.Header.Flags);
    }

    // More names and streams than a record has room for; short names; streams, which are no files and not listed.
    [Fact]
    public async Task NamesAndStreams_AreReadAsFilesOnce()
    {
        var path = await ForeignVolume.MakeWithStreamsAsync(
            _folder,
            64,
            mount =>
            {
                var content = DiskFixtures.Noise(1, 5000);
                Put(mount, "linked", content);
                for (var index = 0; index < 100; index++)
                {
                    var name = $"names/{index} {new string('l', index)}";
                    Directory.CreateDirectory(Path.Combine(mount, "names"));
                    ForeignFile.AddName(Path.Combine(mount, "linked"), Path.Combine(mount, name));
                    _contents[name] = content;
                }

                Put(mount, "streams", DiskFixtures.Noise(2, 3000));
                for (var index = 0; index < 100; index++)
                {
                    File.WriteAllBytes(Path.Combine(mount, $"streams:stream number {index}"), DiskFixtures.Noise(index, index * 50));
                }

                for (var index = 0; index < 300; index++)
                {
                    var name = $"short/A name longer than eight {index}.text";
                    Put(mount, name, DiskFixtures.Noise(index, 10));
                    ForeignFile.SetShortName(Path.Combine(mount, name), $"ANAM{index:D3}~.TXT");
                }
            },
            "windows");
        RequireRead(path);
        using var file = File.OpenRead(path);
        var volume = new VolumeReader(PartitionTable.OpenNtfsVolume(VirtualDisk.Open(file)));
        Assert.All((string[])["linked", "streams"], name => Assert.NotNull(volume.Find(name)!.Find(AttributeType.AttributeList)));
    }

    [Fact]
    public async Task Links_AreListedAndNeverFollowed()
    {
        var path = await ForeignVolume.MakeAsync(_folder, 32, mount =>
        {
            Put(mount, "file", [1, 2, 3]);
            File.WriteAllBytes(Path.Combine(mount, "link"), []);
            ForeignFile.MakeLink(Path.Combine(mount, "link"), @"C:\Windows\win.ini");
            Directory.CreateDirectory(Path.Combine(mount, "junction"));
            ForeignFile.MakeLink(Path.Combine(mount, "junction"), @"C:\Windows");
        });
        using var file = File.OpenRead(path);
        var reader = ImageReader.Open(file);
        Assert.Equal(
            [("file", false, false), ("junction", true, true), ("link", false, true)],
            reader.Enumerate().Select(entry => (entry.Path, entry.IsFolder, entry.IsLink)).Order());
        var refusal = Assert.Throws<InvalidInputException>(() => reader.OpenFile("link"));
        Assert.Equal(Defect.ImageUnsupported, refusal.Defect);
        Assert.Null(reader.Find("junction/win.ini"));
        Assert.Equal([], ImageChecker.Check(file).Findings);
    }

    [Theory]
    [InlineData("vhdx", "subformat=dynamic,block_size=1048576")]
    [InlineData("vhdx", "subformat=dynamic,block_size=268435456")]
    [InlineData("vhdx", "subformat=fixed")]
    [InlineData("vpc", "subformat=dynamic,force_size=on")]
    [InlineData("vpc", "subformat=fixed,force_size=on")]
    public async Task DisksOfQemu_AreSound(string format, string options)
    {
        var raw = await ForeignVolume.MakeAsync(_folder, 24, mount => Put(mount, "a folder/file", DiskFixtures.Noise(1, 5_000_000)));
        var image = _folder.PathOf("disk.image");
        await Judge.PassAsync("qemu-img", "convert", "-f", "raw", "-O", format, "-o", options, raw, image);
        RequireRead(image);
    }

    // Compressed, sparse and scattered files, attribute lists, a large index: broken at random, most changes in $MFT, where a change is most likely to matter.
    [Fact]
    public async Task BrokenVolume_EndsInAReportAndInvalidInput()
    {
        var path = await ForeignVolume.MakeAsync(
            _folder,
            16,
            mount =>
            {
                for (var index = 0; index < 60; index++)
                {
                    Put(mount, $"linked/{new string('l', 60)} {index}", Text(index * 200));
                    ForeignFile.AddName(Path.Combine(mount, $"linked/{new string('l', 60)} 0"), Path.Combine(mount, $"linked/again {index}"));
                }

                Put(mount, "text", Text(400_000));
                Put(mount, "noise", DiskFixtures.Noise(1, 100_000));
            },
            "-C");
        var original = await File.ReadAllBytesAsync(path);
        var records = BitConverter.ToInt64(original, 48) * 4096;
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var bytes = original.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(4) > 0 ? records + random.Next(250 * 1024) : random.Next(bytes.Length);
                bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
            }

            Assert.NotNull(ImageChecker.Check(new MemoryStream(bytes)));
            try
            {
                var reader = ImageReader.Open(new MemoryStream(bytes));
                foreach (var entry in reader.Enumerate().Where(entry => !entry.IsFolder).Take(1000))
                {
                    ReadSome(reader, entry.Path);
                }
            }
            catch (InvalidInputException exception)
            {
                Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>What is no NTFS volume is refused by reader and checker, with a code, whatever it is.</summary>
    [Theory]
    [InlineData("mkfs.ext4", "-q", "-F")]
    [InlineData("mkntfs", "-F", "-q", "-s", "4096", "-p", "0", "-H", "255", "-S", "63")]
    public async Task OtherFileSystems_AreRefused(string maker, params string[] options)
    {
        var path = _folder.PathOf("volume.raw");
        using (var file = File.Create(path))
        {
            file.SetLength(64 << 20);
        }

        await Judge.PassAsync(maker, [.. options, path]);
        RequireRefused(File.ReadAllBytes(path), Defect.ImageUnsupported);
    }

    [Theory]
    [InlineData("-FVE-FS-")]
    [InlineData("ReFS\0\0\0\0")]
    public void VolumesOfWindowsThatAreNotNtfs_AreRefused(string name)
    {
        var bytes = new byte[1 << 20];
        ((byte[])[0xEB, 0x58, 0x90]).CopyTo(bytes, 0);
        System.Text.Encoding.ASCII.GetBytes(name).CopyTo(bytes, 3);
        BitConverter.TryWriteBytes(bytes.AsSpan(11), (ushort)512);
        (bytes[510], bytes[511]) = (0x55, 0xAA);
        RequireRefused(bytes, Defect.ImageUnsupported);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(1_000_000)]
    public void Noise_IsRefused(int size) => RequireRefused(DiskFixtures.Noise(size, size), null);

    private static void ReadSome(ImageReader reader, string path)
    {
        try
        {
            using var stream = reader.OpenFile(path);
            var buffer = new byte[1 << 20];
            Assert.InRange(stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false), 0, buffer.Length);
        }
        catch (InvalidInputException exception)
        {
            Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
        }
        catch (FileNotFoundException)
        {
            // A name that is listed and cannot be found: its index is no longer in order.
        }
    }

    private static void RequireRefused(byte[] bytes, Defect? defect)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => ImageReader.Open(new MemoryStream(bytes)));
        Assert.Contains(refusal.Defect, (Defect[])(defect is { } one ? [one] : [Defect.ImageCorrupt, Defect.ImageUnsupported]));
        var report = ImageChecker.Check(new MemoryStream(bytes));
        Assert.False(report.IsSound);
        Assert.NotEmpty(report.Findings);
    }

    private static byte[] Text(int size)
    {
        var text = new byte[size];
        var random = new Random(size);
        for (var at = 0; at < size; at++)
        {
            text[at] = (byte)"the quick brown fox jumps over lazy dogs. "[random.Next(7) == 0 ? random.Next(42) : at % 42];
        }

        return text;
    }

    private void Scatter(string mount)
    {
        const int clusterSize = 4096;
        // Two files that grow by turns take every other cluster each.
        const int clusters = 2000;
        var first = DiskFixtures.Noise(1, clusters * clusterSize);
        var second = DiskFixtures.Noise(2, clusters * clusterSize);
        using (var left = new FileStream(Path.Combine(mount, "scattered"), FileMode.Create, FileAccess.Write, FileShare.None, 0))
        using (var right = new FileStream(Path.Combine(mount, "between"), FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            for (var at = 0; at < first.Length; at += clusterSize)
            {
                left.Write(first, at, clusterSize);
                right.Write(second, at, clusterSize);
            }
        }

        (_contents["scattered"], _contents["between"]) = (first, second);

        // Files of a cluster until nothing is left, the reserve of $MFT included; without every other one there are single clusters for it.
        var fillers = 0;
        try
        {
            for (; ; fillers++)
            {
                Put(mount, $"filler/{fillers}", DiskFixtures.Noise(fillers, clusterSize));
            }
        }
        catch (IOException)
        {
            File.Delete(Path.Combine(mount, $"filler/{fillers}"));
        }

        for (var index = 0; index < fillers; index += 2)
        {
            File.Delete(Path.Combine(mount, $"filler/{index}"));
            _contents.Remove($"filler/{index}");
        }

        for (var index = 0; index < 150; index++)
        {
            Put(mount, $"more/file {index} in a scattered index", [(byte)index]);
        }
    }

    private void Put(string mount, string name, byte[] content)
    {
        var path = Path.Combine(mount, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        _contents[name] = content;
    }

    private void RequireRead(string path)
    {
        using var file = File.OpenRead(path);
        var reader = ImageReader.Open(file);
        var files = reader.Enumerate().Where(entry => !entry.IsFolder).ToList();
        Assert.Equal(_contents.Keys.Order(StringComparer.Ordinal), files.Select(entry => entry.Path).Order(StringComparer.Ordinal));
        Assert.All(files, entry =>
        {
            Assert.Equal(_contents[entry.Path].Length, entry.SizeBytes);
            using var stream = reader.OpenFile(entry.Path);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Assert.True(copy.ToArray().AsSpan().SequenceEqual(_contents[entry.Path]), $"'{entry.Path}' reads differently.");
        });
        var report = ImageChecker.Check(file);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
    }
}

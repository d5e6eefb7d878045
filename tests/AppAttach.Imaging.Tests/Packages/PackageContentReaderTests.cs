using System.Security.Cryptography;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

public sealed class PackageContentReaderTests
{
    private static readonly int[] Sizes = [0, 1, 2, 65535, 65536, 65537, 131071, 131072, 131073, 700_001];

    public static TheoryData<bool, bool, bool, int> Forms => new MatrixTheoryData<bool, bool, bool, int>(
        [false, true], [false, true], [false, true], [256, 384, 512]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryForm_ComesBackAsWritten(bool isZip64, bool hasDataDescriptors, bool keepsDictionary, int hashBits)
    {
        var package = MakeBuilder(new()
        {
            IsZip64 = isZip64,
            HasDataDescriptors = hasDataDescriptors,
            KeepsDictionary = keepsDictionary,
            HashBits = hashBits,
        }).Build();
        foreach (var workers in new[] { 1, 2, 8 })
        {
            var (files, digest) = PackageContent.ReadAll(package, workers);
            AssertContent(files);
            Assert.Equal(SHA256.HashData(package), digest);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void ShortReads_ChangeNothing(int mostPerRead)
    {
        var package = MakeBuilder(PackageWriterOptions.Default).Build();
        using var stream = new HostileStream(package, mostPerRead);
        AssertContent(PackageContent.ReadAll(stream).Files);
    }

    [Fact]
    public void OnePass_ReadsEachByteOnceFromFrontToBack()
    {
        var bytes = MakeBuilder(PackageWriterOptions.Default).Build();
        using var stream = new HostileStream(bytes);
        var package = Package.Open(stream);
        stream.ResetCounts();
        using (var reader = package.ReadContent(2))
        {
            while (reader.TryRead(out _))
            {
            }
        }

        Assert.Equal(bytes.Length, stream.BytesRead);
        Assert.Equal(0, stream.Jumps);
    }

    [Fact]
    public void Opening_ReadsTheTailOnce()
    {
        var builder = new PackageBuilder();
        for (var index = 0; index < 40; index++)
        {
            builder.With($"data{index}.png", PackageBuilder.Content(100_000, index));
        }

        var bytes = builder.Build();
        using var stream = new HostileStream(bytes);
        Package.Open(stream);
        Assert.True(bytes.Length > 4_000_000);
        Assert.InRange(stream.BytesRead, 1, 256 * 1024);
    }

    [Fact]
    public void StreamThatEndsEarly_IsCorrupt()
    {
        var bytes = MakeBuilder(PackageWriterOptions.Default).Build();
        var package = Package.Open(new HostileStream(bytes));
        Assert.Equal(bytes.Length, package.PackedSizeBytes);

        // The tail is read on opening, so the stream is cut only for the pass.
        using var cut = new SwitchedStream(new HostileStream(bytes), new HostileStream(bytes, endsAfterBytes: 100_000));
        var opened = Package.Open(cut);
        cut.Switch();
        using var reader = opened.ReadContent(2);
        var exception = Assert.Throws<InvalidInputException>(() => Drain(reader));
        Assert.Equal(Defect.ZipCorrupt, exception.Defect);
        Assert.Throws<InvalidInputException>(() => Drain(reader));
    }

    [Fact]
    public void FailureOfTheStream_PassesThrough()
    {
        var bytes = MakeBuilder(PackageWriterOptions.Default).Build();
        using var failing = new SwitchedStream(new HostileStream(bytes), new HostileStream(bytes, failsAtBytes: 100_000));
        var package = Package.Open(failing);
        failing.Switch();
        using var reader = package.ReadContent(2);
        Assert.Throws<IOException>(() => Drain(reader));
    }

    [Fact]
    public void DisposedHalfway_Ends()
    {
        var bytes = MakeBuilder(PackageWriterOptions.Default).Build();
        for (var taken = 0; taken < 20; taken++)
        {
            using var stream = new MemoryStream(bytes);
            using var reader = Package.Open(stream).ReadContent(1 + (taken % 3));
            for (var index = 0; index < taken; index++)
            {
                Assert.True(reader.TryRead(out _));
            }

            Assert.Throws<InvalidOperationException>(() => reader.PackageDigest);
        }
    }

    // What is read of the package elsewhere would move the stream under the pass.
    [Fact]
    public void NothingElseIsReadOfThePackage_BeforeItEnds()
    {
        using var stream = new MemoryStream(MakeBuilder(PackageWriterOptions.Default).Build());
        var package = Package.Open(stream);
        using (var reader = package.ReadContent(2))
        {
            Assert.Throws<InvalidOperationException>(() => package.ReadFootprint(PartName.BlockMap));
            Assert.Throws<InvalidOperationException>(() => package.ReadContent(2));
            Drain(reader);
            Assert.NotNull(package.ReadFootprint(PartName.BlockMap));
        }

        using (package.ReadContent(2))
        {
            // Given up before its end.
        }

        Assert.NotNull(package.ReadFootprint(PartName.BlockMap));
    }

    [Fact]
    public void Cancelled_Ends()
    {
        using var stream = new MemoryStream(MakeBuilder(PackageWriterOptions.Default).Build());
        using var cancellation = new CancellationTokenSource();
        using var reader = Package.Open(stream).ReadContent(2, cancellation.Token);
        Assert.True(reader.TryRead(out _));
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Drain(reader));
    }

    [Fact]
    public void OneFlippedBitAnywhere_NeverGivesOtherContent()
    {
        var package = new PackageBuilder().With("a.txt", PackageBuilder.Content(400)).With("b.png", PackageBuilder.Content(300, 2)).Build();
        var expected = PackageContent.ReadAll(package).Files;
        var refused = 0;
        for (var index = 0; index < package.Length; index++)
        {
            var tampered = (byte[])package.Clone();
            tampered[index] ^= (byte)(1 << (index % 8));
            try
            {
                var (files, digest) = PackageContent.ReadAll(tampered, workers: 1);
                Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), files.Keys.Order(StringComparer.Ordinal));
                Assert.All(expected, pair => Assert.Equal(pair.Value, files[pair.Key]));
                Assert.Equal(SHA256.HashData(tampered), digest);
            }
            catch (InvalidInputException)
            {
                refused++;
            }
        }

        // What passes are times, unused flag and attribute bits, and data descriptors, which say nothing about content.
        Assert.InRange(refused, package.Length * 3 / 4, package.Length);
    }

    // So many whole blocks that they are hashed side by side where the processor can do that, and some that are left over.
    [Fact]
    public void EachOfManyBlocks_IsCompared()
    {
        const int blocks = 38;
        const int blockBytes = 65536;
        var content = PackageBuilder.Content((blocks * blockBytes) + 1000);
        var package = new PackageBuilder().With("stored.png", content).With("deflated.txt", content).Build();
        var files = PackageContent.ReadAll(package, workers: 1).Files;
        Assert.Equal(content, files["stored.png"]);
        Assert.Equal(content, files["deflated.txt"]);

        var start = package.AsSpan().IndexOf(content);
        foreach (var block in (int[])[0, 1, 15, 16, 31, 32, blocks - 1, blocks])
        {
            var tampered = (byte[])package.Clone();
            tampered[start + (block * blockBytes) + 999] ^= 0x40;
            var refusal = Assert.Throws<InvalidInputException>(() => PackageContent.ReadAll(tampered, workers: 2));
            Assert.Equal(Defect.BlockmapMismatch, refusal.Defect);
            Assert.Contains($" from byte {block * blockBytes} on", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DirectoryOfManyParts_IsReadInLargePieces()
    {
        var builder = new PackageBuilder();
        for (var index = 0; index < 5000; index++)
        {
            builder.With($"a folder with a rather long name/file {index:00000}.txt", "text");
        }

        using var stream = new HostileStream(builder.Build());
        var archive = PackageArchive.Open(stream, isBundle: false, limits: null);
        stream.ResetCounts();
        archive.ComputeDirectoryDigest();
        Assert.InRange(stream.Reads, 1, 10);
    }

    private static PackageBuilder MakeBuilder(PackageWriterOptions options)
    {
        var builder = new PackageBuilder { Options = options };
        foreach (var size in Sizes)
        {
            builder.With($"deflated/{size}.txt", PackageBuilder.Content(size, size));
            builder.With($"stored/{size}.png", PackageBuilder.Content(size, size + 1));
        }

        return builder.With("repeats.txt", RepeatedContent);
    }

    // Repeats within deflate's reach, so that a packer which keeps its dictionary refers back over the edges of blocks.
    private static byte[] RepeatedContent
    {
        get
        {
            var content = new byte[300_000];
            var pattern = PackageBuilder.Content(20_000, 99);
            for (var offset = 0; offset < content.Length; offset += pattern.Length)
            {
                pattern.CopyTo(content, offset);
            }

            return content;
        }
    }

    private static void AssertContent(Dictionary<string, byte[]> files)
    {
        foreach (var size in Sizes)
        {
            Assert.Equal(PackageBuilder.Content(size, size), files[$"deflated/{size}.txt"]);
            Assert.Equal(PackageBuilder.Content(size, size + 1), files[$"stored/{size}.png"]);
        }

        Assert.Equal(RepeatedContent, files["repeats.txt"]);
        Assert.Equal((Sizes.Length * 2) + 3, files.Count);
    }

    private static void Drain(PackageContentReader reader)
    {
        while (reader.TryRead(out _))
        {
        }
    }
}

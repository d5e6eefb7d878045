using System.Buffers.Binary;
using System.Text;
using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Bundles;

/// <summary>Bundles made to harm: counts, sizes that lie, parts in each other, random damage.</summary>
public sealed class BundleLimitTests
{
    private const int Mutations = 1_000;
    private const int DirectoryOffsetField = 42;
    private const int DirectoryCompressedSizeField = 20;
    private const int DirectorySizeField = 24;

    [Theory]
    [InlineData(10_000, Defect.BundleInvalid)]
    [InlineData(10_001, Defect.LimitExceeded)]
    [InlineData(100_000, Defect.LimitExceeded)]
    public void NumberOfPackages_IsBounded(int count, Defect expected)
    {
        var packages = new StringBuilder("<Packages>");
        for (var index = 0; index < count; index++)
        {
            packages.Append("<Package Version=\"1.0.0.0\" FileName=\"p").Append(index).Append(".msix\" ResourceId=\"r").Append(index).Append("\" Offset=\"1\" Size=\"1\"/>");
        }

        var bytes = new BundleBuilder { Change = manifest => manifest.Replace("<Packages></Packages>", packages.Append("</Packages>").ToString(), StringComparison.Ordinal) }.Build();
        Assert.Equal(expected, BundleContent.Refusal(bytes).Defect);
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(4, Defect.LimitExceeded)]
    public void NumberOfOptionalBundlesAndTheirPackages_IsBounded(int count, Defect? expected)
    {
        const string bundle = "<OptionalBundle Name=\"A\" Publisher=\"CN=A\"><Package Version=\"1.0.0.0\" FileName=\"a.msix\"/></OptionalBundle>";
        var limits = new PackageLimits { BundledPackages = 4 };

        Assert.Equal(expected, DefectOf(new BundleBuilder { After = Repeat(bundle, count) }.With(BundleSample.X64).Build(), limits));
        const string empty = "<OptionalBundle Name=\"A\" Publisher=\"CN=A\"/>";
        Assert.Equal(expected, DefectOf(new BundleBuilder { After = Repeat(empty, count + 1) }.With(BundleSample.X64).Build(), limits));
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, Defect.LimitExceeded)]
    public void NumberOfResourcesAndFamilies_IsBounded(int count, Defect? expected)
    {
        var resources = BundleSample.X64 with { Inner = $"<Resources>{Repeat("<Resource Language=\"de\"/>", count)}</Resources>" };
        var families = BundleSample.X64 with
        {
            Inner = $"<b4:Dependencies>{string.Concat(Enumerable.Range(0, count).Select(index => $"<b4:TargetDeviceFamily Name=\"A{index}\"/>"))}</b4:Dependencies>",
        };

        Assert.Equal(expected, DefectOf(BundleSample.Of(resources)));
        Assert.Equal(expected, DefectOf(BundleSample.Of(families)));
    }

    [Fact]
    public void DepthOfTheManifest_IsBounded()
    {
        var limit = PackageLimits.Default.XmlDepth;
        string Nested(int depth) => Repeat("<x>", depth) + Repeat("</x>", depth);

        Assert.Null(DefectOf(new BundleBuilder { After = Nested(limit) }.With(BundleSample.X64).Build()));
        Assert.Equal(Defect.LimitExceeded, DefectOf(new BundleBuilder { After = Nested(limit + 1) }.With(BundleSample.X64).Build()));
    }

    [Fact]
    public void SizeOfTheManifest_IsBounded()
    {
        var bytes = BundleSample.Of(BundleSample.X64);
        using var bundle = BundleContent.Open(bytes);
        var size = bundle.ReadFootprint("AppxMetadata/AppxBundleManifest.xml")!.Length;

        // Packages inside are held to the same limits; the bundle's manifest is the larger here.
        Assert.Null(DefectOf(bytes, new() { ManifestBytes = Math.Max(size, 1000) }));
        Assert.Equal(Defect.LimitExceeded, DefectOf(bytes, new() { ManifestBytes = size - 1 }));
    }

    [Fact]
    public void PackagesInEachOther_AreRefused()
    {
        var bytes = Plain(BundleSample.X64, BundleSample.X86);
        var entry = EntryOf(bytes, "app_x86.msix");
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + DirectoryOffsetField), 1000);

        Assert.Equal(Defect.ZipCorrupt, BundleContent.Refusal(bytes).Defect);
    }

    [Fact]
    public void PackageMovedIntoTheNextPartByItsExtraField_IsRefused()
    {
        const int extraLengthField = 28;
        var bytes = Plain(BundleSample.X64 with { Offset = "" });
        bytes[extraLengthField] = 20;

        var exception = BundleContent.Refusal(bytes);
        Assert.Equal(Defect.ZipCorrupt, exception.Defect);
        Assert.Contains("runs over byte", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public void SizeInTheDirectoryThatLies_IsRefused(int difference)
    {
        var bytes = Plain(BundleSample.X64);
        var entry = EntryOf(bytes, "app_x64.msix");
        foreach (var field in new[] { DirectoryCompressedSizeField, DirectorySizeField })
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + field), BundleSample.X64.Content.Length + difference);
        }

        Assert.Equal(Defect.ZipCorrupt, BundleContent.Refusal(bytes).Defect);
    }

    [Fact]
    public void LocalHeaderOfAnotherName_IsRefused()
    {
        var bytes = Plain(BundleSample.X64);
        bytes[30] ^= 1;

        Assert.Equal(Defect.ZipCorrupt, BundleContent.Refusal(bytes).Defect);
    }

    [Fact]
    public void ContentChangedInside_IsRefusedByThePackage()
    {
        var bytes = Plain(BundleSample.X64);
        bytes[200] ^= 1;
        using var bundle = BundleContent.Open(bytes);

        Assert.Equal(Defect.BlockmapMismatch, Assert.Throws<InvalidInputException>(() => BundleContent.Drain(bundle.Packages[0].Open())).Defect);
    }

    [Fact]
    public void FileCutShortWhileOpen_IsRefused_AndAFailingStreamPassesThrough()
    {
        var bytes = Plain(BundleSample.Members);
        using var cut = new HostileStream(bytes, endsAfterBytes: bytes.Length - 10);
        using var failing = new HostileStream(bytes, failsAtBytes: bytes.Length - 10);

        Assert.Equal(Defect.ZipCorrupt, Assert.Throws<InvalidInputException>(() => Bundle.Open(cut)).Defect);
        Assert.Throws<IOException>(() => Bundle.Open(failing));
    }

    [Fact]
    public void BundleCutShortDuringAPass_IsRefusedAtItsEnd()
    {
        var bytes = Plain(BundleSample.Members);
        using var stream = new SwitchedStream(new MemoryStream(bytes, writable: false), new HostileStream(bytes, endsAfterBytes: 1000));
        using var bundle = Bundle.Open(stream);
        using var pass = bundle.StartPass();
        stream.Switch();

        Assert.Equal(Defect.ZipCorrupt, Assert.Throws<InvalidInputException>(pass.Complete).Defect);
        Assert.Throws<InvalidOperationException>(() => pass.BundleDigest);
    }

    [Fact]
    public void CancelledPass_DoesNotStopAPackage_AndSaysSoAtItsEnd()
    {
        using var bundle = BundleContent.Open(Plain(BundleSample.Members));
        using var source = new CancellationTokenSource();
        using var pass = bundle.StartPass(source.Token);
        source.Cancel();
        BundleContent.Drain(bundle.Packages[1].Open());

        Assert.Throws<OperationCanceledException>(pass.Complete);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void RandomMutations_ThrowOnlyInvalidInput(bool isZip64, int seed)
    {
        var small = BundleMember.Application("arm64", 300);
        var original = new BundleBuilder { Options = new() { IsZip64 = isZip64, HasDataDescriptors = isZip64 } }.With(small, BundleSample.German).Build();
        var random = new Random(seed);
        for (var round = 0; round < Mutations; round++)
        {
            var mutated = Mutate(original, random);
            try
            {
                using var bundle = BundleContent.Open(mutated);
                foreach (var package in bundle.Packages)
                {
                    BundleContent.Drain(package.Open());
                }

                BundleContent.Verify(bundle, new());
            }
            catch (InvalidInputException exception)
            {
                Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        var bytes = BundleSample.Of(BundleSample.German with { Type = "application", Inner = "" }, BundleMember.Application("x64", 10));
        for (var length = 0; length < bytes.Length; length++)
        {
            BundleContent.Refusal(bytes[..length]);
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            // Half of the changes go to the end, where manifest and directory are.
            var at = random.Next(2) == 0 ? random.Next(bytes.Length) : Math.Max(0, bytes.Length - 1 - random.Next(2500));
            bytes[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => 0, _ => 255 };
        }

        return bytes;
    }

    private static byte[] Plain(params BundleMember[] members) =>
        new BundleBuilder { Options = new() { IsZip64 = false, HasDataDescriptors = false } }.With(members).Build();

    private static int EntryOf(byte[] bytes, string name) => bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(name)) - CentralDirectoryHeader.Size;

    private static Defect? DefectOf(byte[] bytes, PackageLimits? limits = null) =>
        Record.Exception(() => BundleContent.Open(bytes, limits: limits).Dispose()) is { } exception
            ? Assert.IsType<InvalidInputException>(exception).Defect : null;

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}

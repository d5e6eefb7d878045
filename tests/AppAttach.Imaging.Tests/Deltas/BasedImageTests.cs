using System.Globalization;
using System.Text.Json.Nodes;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Images;
using AppAttach.Imaging.Volumes;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Deltas;

public sealed class BasedImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ImageFormat.VhdxDynamic, 60_000)]
    [InlineData(ImageFormat.VhdxDynamic, 500_000)]
    [InlineData(ImageFormat.VhdDynamic, 60_000)]
    [InlineData(ImageFormat.VhdFixed, 60_000)]
    public async Task ChainOfVersions_IsSoundHoldsItsPackageAndCanBeCopied_WhateverChanged(ImageFormat format, int largestBytes)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var version = AppVersion.First(60, largestBytes, seed);
            var previous = await WrittenImage.OfAsync(new ImageOptions { Format = format }, version.Build());
            for (var next = 0; next < 4; next++)
            {
                version = version.Next(15, largestBytes, (seed * 10) + next);
                var package = version.Build();
                var image = await WrittenImage.OfAsync(new ImageOptions { Format = format, Base = BaseOf(previous) }, package);
                RequireSound(image, package);
                Assert.True(image.Bytes.AsSpan().SequenceEqual(image.CopyFrom(previous)), $"Seed {seed}, version {next} differs.");
                previous = image;
            }
        }
    }

    [Fact]
    public async Task SmallFiles_StayInPlace_WhenOthersGrowComeAndGo()
    {
        var version = AppVersion.First(1500, 6_000, 5);
        var first = await WrittenImage.OfAsync(new ImageOptions(), version.Build());
        var package = version.Next(5, 6_000, 6).Build();
        var based = (await WrittenImage.OfAsync(new ImageOptions { Base = BaseOf(first) }, package)).DeltaFrom(first);
        var unbased = (await WrittenImage.OfAsync(new ImageOptions(), package)).DeltaFrom(first);
        Assert.True(based.MovedBytes < based.SizeBytes / 20, $"{based.MovedBytes} bytes move.");
        Assert.True(based.TravelBytes < unbased.TravelBytes / 2, $"{based.TravelBytes} bytes travel, {unbased.TravelBytes} without a base.");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task NumberOfWorkers_DoesNotChangeAByte(int workers)
    {
        var version = AppVersion.First(200, 90_000, 5);
        var first = BaseOf(await WrittenImage.OfAsync(new ImageOptions(), version.Build()));
        var package = version.Next(20, 90_000, 6).Build();
        var one = await WrittenImage.OfAsync(new ImageOptions { Base = first, Workers = 1 }, package);
        var other = await WrittenImage.OfAsync(new ImageOptions { Base = first, Workers = workers }, package);
        Assert.Equal(one.Bytes, other.Bytes);
        Assert.Equal(one.Manifest, other.Manifest);
    }

    [Fact]
    public async Task BaseWithSeveralPackages_ServesTheOneItHasAndTheOthersToo()
    {
        var (one, other) = (AppVersion.First(50, 50_000, 1), AppVersion.First(50, 50_000, 2));
        var first = await WrittenImage.OfAsync(new ImageOptions(), one.Build("Contoso.One"), other.Build("Contoso.Other"));
        byte[][] packages = [other.Next(10, 50_000, 3).Build("Contoso.Other"), one.Next(10, 50_000, 4).Build("Contoso.One"), new PackageBuilder().With("new.txt", "new").Build()];
        var second = await WrittenImage.OfAsync(new ImageOptions { Base = BaseOf(first) }, packages);
        RequireSound(second, packages);
        Assert.Equal(second.Bytes, second.CopyFrom(first));
    }

    [Fact]
    public async Task JudgesTakeAnImageWithHolesInItsTableAndItsClusters()
    {
        var version = AppVersion.First(300, 40_000, 5);
        var previous = await WrittenImage.OfAsync(new ImageOptions(), version.Build());
        byte[] package = [];
        for (var next = 0; next < 3; next++)
        {
            version = version.Next(25, 40_000, next);
            package = version.Build();
            previous = await WrittenImage.OfAsync(new ImageOptions { Base = BaseOf(previous) }, package);
        }

        var (path, packagePath) = (_folder.PathOf("image.vhdx"), _folder.PathOf("package.msix"));
        await File.WriteAllBytesAsync(path, previous.Bytes);
        await File.WriteAllBytesAsync(packagePath, package);
        await ImageFile.RequireSoundDiskAsync(path);
        await ImageFile.ExtractPartitionAsync(path, _folder.PathOf("partition"), _folder.PathOf("mount"));
        await ImageFile.VerifyAsync(path, packagePath);
    }

    [Fact]
    public async Task ManifestThatLiesAboutPlaces_StillMakesASoundImage()
    {
        var version = AppVersion.First(80, 80_000, 9);
        var package = version.Build();
        var first = await WrittenImage.OfAsync(new ImageOptions(), package);
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var lie = JsonNode.Parse(first.Manifest)!;
            lie["image"]!["contentCluster"] = random.Next(1 << (4 + (2 * seed)));
            foreach (var entry in lie["packages"]![0]!["files"]!.AsArray().Concat(lie["packages"]![0]!["folders"]!.AsArray()))
            {
                entry!["record"] = random.Next(seed % 2 == 0 ? 150 : VolumeLimits.MaximumNodeCount);
                if (entry["cluster"] is not null)
                {
                    entry["cluster"] = random.Next(1 << (6 + seed));
                }
            }

            var based = await WrittenImage.OfAsync(
                new ImageOptions { Base = ImageBase.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lie.ToJsonString()))) }, package);
            RequireSound(based, package);
            Assert.True(based.Bytes.Length < first.Bytes.Length + (3 << 20), string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {based.Bytes.Length} bytes."));
        }
    }

    [Fact]
    public async Task OtherBase_MakesOtherIdentifiers()
    {
        var package = AppVersion.First(5, 5_000, 1).Build();
        var first = await WrittenImage.OfAsync(new ImageOptions(), package);
        var based = await WrittenImage.OfAsync(new ImageOptions { Base = BaseOf(first) }, package);
        Assert.NotEqual(
            ImageReader.Open(new MemoryStream(first.Bytes)).SerialNumber, ImageReader.Open(new MemoryStream(based.Bytes)).SerialNumber);
        Assert.InRange(based.DeltaFrom(first).TravelBytes, 1, 64 << 10);
    }

    private static ImageBase BaseOf(WrittenImage image) => ImageBase.Read(new MemoryStream(image.Manifest));

    private static void RequireSound(WrittenImage image, params byte[][] packages)
    {
        var report = ImageChecker.CheckAgainst(
            new MemoryStream(image.Bytes), [.. packages.Select(package => Package.Open(new MemoryStream(package)))]);
        Assert.True(report.IsSound, string.Join('\n', report.Findings));
        var (findings, _) = AppAttach.Imaging.Manifests.ManifestChecker.Check(new MemoryStream(image.Bytes), new MemoryStream(image.Manifest));
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}

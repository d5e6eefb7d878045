using System.Globalization;
using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Images;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Deltas;

public sealed class ImageDeltaTests
{
    [Theory]
    [InlineData(ImageFormat.VhdxDynamic)]
    [InlineData(ImageFormat.VhdxFixed)]
    [InlineData(ImageFormat.VhdDynamic)]
    [InlineData(ImageFormat.VhdFixed)]
    public async Task CopyMadeByADelta_IsTheImage_WhateverChanged(ImageFormat format)
    {
        var options = new ImageOptions { Format = format };
        for (var seed = 1; seed <= 4; seed++)
        {
            var version = AppVersion.First(40, 300_000, seed);
            var previous = await WrittenImage.OfAsync(options, version.Build());
            for (var next = 0; next < 3; next++)
            {
                version = version.Next(20, 300_000, (seed * 10) + next);
                var image = await WrittenImage.OfAsync(options, version.Build());
                Assert.True(image.Bytes.AsSpan().SequenceEqual(image.CopyFrom(previous)), $"Seed {seed}, version {next} differs.");
                Assert.InRange(image.DeltaFrom(previous).TravelBytes, 1, image.Bytes.Length / 2);
                previous = image;
            }
        }
    }

    [Fact]
    public async Task SameImage_TravelsNotAtAll()
    {
        var image = await WrittenImage.OfAsync(new ImageOptions(), AppVersion.First(20, 100_000, 1).Build());
        var delta = image.DeltaFrom(image);
        Assert.Equal((0, 0, 0), (delta.TravelBytes, delta.TravelRanges, delta.MovedBytes));
        Assert.Equal(image.Bytes.Length, delta.UnmovedBytes + delta.ZeroBytes);
        Assert.Equal((image.Record.Digest, image.Record.Digest), (delta.PreviousDigest, delta.Digest));
    }

    [Theory]
    [InlineData(200, 150_000)]
    [InlineData(6_000, 2_048)]
    public async Task OneFileInTwentyChanged_AtMostEightPercentTravel(int fileCount, int sizeBytes)
    {
        var (first, second) = (new PackageBuilder { Version = "1.0.0.0" }, new PackageBuilder { Version = "1.0.1.0" });
        for (var file = 0; file < fileCount; file++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"Folder {file / 100}/File {file}.bin");
            var (changes, grows) = (file % 20 == 7, file % 40 == 7);
            first.With(path, PackageBuilder.Content(sizeBytes, file));
            second.With(path, PackageBuilder.Content(grows ? sizeBytes * 11 / 10 : sizeBytes, changes ? fileCount + file : file));
        }

        var previous = await WrittenImage.OfAsync(new ImageOptions(), first.Build());
        var based = new ImageOptions { Base = ImageBase.Read(new MemoryStream(previous.Manifest)) };
        var image = await WrittenImage.OfAsync(based, second.Build());

        var delta = image.DeltaFrom(previous);
        Assert.InRange(delta.TravelBytes * 100.0 / delta.SizeBytes, 4, 8);
        Assert.True(image.Bytes.AsSpan().SequenceEqual(image.CopyFrom(previous)));
    }

    [Fact]
    public async Task ContentOfARenamedFile_AndOfAnotherPackage_IsFoundWhereItWas()
    {
        var content = PackageBuilder.Content(3_000_000);
        var first = await WrittenImage.OfAsync(new ImageOptions(), new PackageBuilder().With("a.bin", content).Build());
        var second = await WrittenImage.OfAsync(
            new ImageOptions(),
            new PackageBuilder { Name = "Contoso.Other" }.With("before.bin", PackageBuilder.Content(70_000, 2)).With("z/renamed.bin", content).Build());
        var delta = second.DeltaFrom(first);
        Assert.InRange(delta.MovedBytes + delta.UnmovedBytes, content.Length, long.MaxValue);
        Assert.InRange(delta.TravelBytes, 70_000, 200_000);
        Assert.Equal(second.Bytes, second.CopyFrom(first));
    }

    [Fact]
    public async Task ImagesOfTwoFormats_StillShareTheirContent()
    {
        var content = PackageBuilder.Content(3_000_000);
        var package = new PackageBuilder().With("a.bin", content).Build();
        var vhdx = await WrittenImage.OfAsync(new ImageOptions(), package);
        var vhd = await WrittenImage.OfAsync(new ImageOptions { Format = ImageFormat.VhdDynamic }, package);
        Assert.Equal(vhd.Bytes, vhd.CopyFrom(vhdx));
        Assert.Equal(vhdx.Bytes, vhdx.CopyFrom(vhd));
        Assert.InRange(vhdx.DeltaFrom(vhd).TravelBytes, 1, content.Length / 10);
    }

    [Fact]
    public async Task DamagedManifest_IsRefusedOrMakesADeltaThatStillCoversTheImage()
    {
        var image = await WrittenImage.OfAsync(new ImageOptions(), AppVersion.First(6, 100_000, 3).Build());
        var mutator = new Random(7);
        var refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var damaged = image.Manifest.ToArray();
            damaged[mutator.Next(damaged.Length)] ^= (byte)(1 << mutator.Next(8));
            try
            {
                var delta = ImageDelta.Between(new MemoryStream(image.Manifest), new MemoryStream(damaged));
                Assert.Equal(delta.SizeBytes, delta.Ranges.Sum(range => range.LengthBytes));
            }
            catch (InvalidInputException exception)
            {
                Assert.Contains(exception.Defect, new[] { Defect.ImageManifestInvalid, Defect.LimitExceeded });
                refused++;
            }
        }

        Assert.InRange(refused, 50, 400);
    }

    [Fact]
    public async Task ManifestCutShort_IsRefusedWherever()
    {
        var image = await WrittenImage.OfAsync(new ImageOptions(), AppVersion.First(3, 10_000, 3).Build());
        foreach (var length in Enumerable.Range(0, 60).Select(step => image.Manifest.Length * step / 60))
        {
            var exception = Assert.Throws<InvalidInputException>(
                () => ImageDelta.Between(new MemoryStream(image.Manifest[..length]), new MemoryStream(image.Manifest)));
            Assert.Equal("image-manifest-invalid", exception.Code);
        }
    }
}

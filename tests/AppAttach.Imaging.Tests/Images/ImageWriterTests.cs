using System.Security.Cryptography;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Volumes;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Images;

public sealed class ImageWriterTests : IDisposable
{
    private const string FullName = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Package_MountsWithTheFilesItLaysDown()
    {
        var content = PackageBuilder.Content(200_001);
        var package = Sample().With("Data/content.bin", content).With("empty.txt", "").Build();
        var image = _folder.PathOf("image.vhdx");
        var record = await ImageFile.WriteAsync(image, new ImageOptions(), package);

        Assert.Equal(new FileInfo(image).Length, record.FileLengthBytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(image))), record.Digest);
        var written = Assert.Single(record.Packages);
        Assert.Equal(FullName, written.FullName);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(package)), written.Digest);

        await RequireTakenByJudgesAsync(image, package);
        await using var mounted = await MountAsync(image);
        var folder = Path.Combine(mounted.Path, "apps", FullName);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(folder, "Data", "content.bin")));
        Assert.Empty(await File.ReadAllBytesAsync(Path.Combine(folder, "empty.txt")));
        Assert.True(File.Exists(Path.Combine(folder, "AppxManifest.xml")));
        Assert.False(File.Exists(Path.Combine(folder, "[Content_Types].xml")));
        Assert.Equal(record.FileCount, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task SeveralPackages_LieSideBySide()
    {
        var first = Sample().Build();
        var second = new PackageBuilder { Name = "Contoso.Other" }.With("other.txt", "second").Build();
        var image = _folder.PathOf("image.vhdx");
        var record = await ImageFile.WriteAsync(image, new ImageOptions { VolumeLabel = "" }, first, second);
        Assert.Equal(["Contoso.Sample", "Contoso.Other"], record.Packages.Select(package => package.FullName.Split('_')[0]));
        await RequireTakenByJudgesAsync(image, first, second);
        await using var mounted = await MountAsync(image);
        Assert.Equal(
            record.Packages.Select(package => package.FullName).Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Path.Combine(mounted.Path, "apps")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task NumberOfWorkers_DoesNotChangeAByte()
    {
        var builder = Sample();
        for (var file = 0; file < 100; file++)
        {
            builder.With($"Data/{file}.bin", PackageBuilder.Content(file * 3000, file));
        }

        var package = builder.Build();
        var one = await ImageFile.WriteAsync(_folder.PathOf("1.vhdx"), new ImageOptions { Workers = 1 }, package);
        var eight = await ImageFile.WriteAsync(_folder.PathOf("8.vhdx"), new ImageOptions { Workers = 8 }, package);
        Assert.Equal(one.Digest, eight.Digest);
        Assert.Equal(await File.ReadAllBytesAsync(_folder.PathOf("1.vhdx")), await File.ReadAllBytesAsync(_folder.PathOf("8.vhdx")));
    }

    [Fact]
    public void OtherContentOrOptions_MakeOtherIdentifiers()
    {
        var package = Sample().Build();
        ImageOptions[] options = [new(), new() { RootFolder = "other" }, new() { VolumeLabel = "Other" }, new() { Time = VolumeFile.Time },
            .. Enum.GetValues<ImageFormat>()[1..].Select(format => new ImageOptions { Format = format })];
        var identities = options.Select(option => Identity(package, option))
            .Append(Identity(Sample().With("more.txt", "x").Build(), new()))
            .Append(Identity(Sample().With("more.txt", "y").Build(), new()))
            .ToList();
        var guids = identities.SelectMany(identity => new[]
        {
            identity.Disk.DiskGuid, identity.Disk.PartitionGuid, identity.Disk.Vhdx.DiskGuid, identity.Disk.Vhdx.DataWriteGuid, identity.Disk.Vhdx.FileWriteGuid,
            identity.Disk.Vhd.UniqueId,
        }).ToList();
        Assert.Equal(guids.Count, guids.Distinct().Count());
        Assert.All(guids, guid => Assert.Equal((8, 8), (guid.Version, guid.Variant & 0xC)));
        Assert.Equal(identities.Count, identities.Select(identity => identity.VolumeSerialNumber).Distinct().Count());
        Assert.Equal(identities[0].Disk, Identity(package, new() { Workers = 7 }).Disk);
    }

    [Fact]
    public async Task BrokenContent_IsRefused()
    {
        var package = Sample().With("Data/content.bin", PackageBuilder.Content(300_000)).Build();
        package[150_000] ^= 0x10;
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => ImageFile.WriteAsync(_folder.PathOf("image.vhdx"), new ImageOptions(), package));
        Assert.Equal(Defect.BlockmapMismatch, refusal.Defect);
    }

    [Fact]
    public async Task SamePackageTwice_IsRefused()
    {
        var package = Sample().Build();
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => ImageFile.WriteAsync(_folder.PathOf("image.vhdx"), new ImageOptions(), package, package));
        Assert.Contains("twice", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("$mft")]
    [InlineData("dot.")]
    public async Task RootFolderThatCannotBe_IsRefused(string rootFolder)
    {
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => ImageFile.WriteAsync(_folder.PathOf("image.vhdx"), new ImageOptions { RootFolder = rootFolder }, Sample().Build()));
        Assert.Equal(Defect.UnsafeName, refusal.Defect);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    [InlineData(5 << 20)]
    public async Task FailureOfTheOutput_ComesBack(int bytesTaken)
    {
        var package = Package.Open(new MemoryStream(Sample().With("big.bin", PackageBuilder.Content(8 << 20)).Build()));
        await using var output = new FailingStream(bytesTaken);
        var failure = await Assert.ThrowsAsync<IOException>(() => ImageWriter.WriteAsync([package], new ImageOptions(), output));
        Assert.Equal(FailingStream.Message, failure.Message);
    }

    [Fact]
    public async Task FailureOfTheFirstCheck_ComesBack_BeforeAnythingIsReadOrWritten()
    {
        using var stream = new MemoryStream(Sample().With("big.bin", PackageBuilder.Content(8 << 20)).Build());
        var package = Package.Open(stream);
        stream.Position = 0;
        using var output = new MemoryStream();
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(
            () => ImageWriter.WriteAsync([package], new ImageOptions(), output, () => throw new InvalidInputException(Defect.SignatureInvalid, "No.")));
        Assert.Equal(Defect.SignatureInvalid, refusal.Defect);
        Assert.Equal((0, 0), (output.Length, stream.Position));
    }

    [Fact]
    public async Task Cancellation_EndsTheWork()
    {
        using var cancellation = new CancellationTokenSource();
        var package = Package.Open(new MemoryStream(Sample().With("big.bin", PackageBuilder.Content(8 << 20)).Build()));
        var progress = new Cancelling(cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ImageWriter.WriteAsync([package], new ImageOptions(), Stream.Null, progress: progress, cancellationToken: cancellation.Token));
    }

    [Fact]
    public async Task Progress_EndsWithAllContent()
    {
        var package = Package.Open(new MemoryStream(Sample().With("big.bin", PackageBuilder.Content(5 << 20)).Build()));
        var progress = new Recording();
        var record = await ImageWriter.WriteAsync([package], new ImageOptions(), Stream.Null, progress: progress);
        Assert.Equal(record.ContentBytes, progress.Reports[^1]);
        Assert.Equal(progress.Reports.Order(), progress.Reports);
        Assert.True(progress.Reports.Count >= 5);
    }

    private static PackageBuilder Sample() =>
        new PackageBuilder().With("app.exe", "not a program").With("logo.png", "no picture").With("Assets/naïve name (1).txt", "text");

    private static ImageIdentity Identity(byte[] package, ImageOptions options) =>
        ImageIdentity.Of([Package.Open(new MemoryStream(package))], options, options.Time ?? DateTimeOffset.UnixEpoch);

    private async Task<MountedVolume> MountAsync(string image)
    {
        var partition = _folder.PathOf("partition.img");
        await ImageFile.ExtractPartitionAsync(image, partition, _folder.PathOf("disk"));
        return await MountedVolume.MountAsync(partition, _folder.PathOf("mount"));
    }

    private async Task RequireTakenByJudgesAsync(string image, params byte[][] packages)
    {
        await ImageFile.RequireSoundDiskAsync(image);
        var paths = new List<string>();
        foreach (var package in packages)
        {
            paths.Add(_folder.PathOf($"package{paths.Count}.msix"));
            await File.WriteAllBytesAsync(paths[^1], package);
        }

        await ImageFile.VerifyAsync(image, [.. paths]);
    }

    private sealed class FailingStream(int bytesTaken) : MemoryStream
    {
        public const string Message = "No space is left.";

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > bytesTaken)
            {
                throw new IOException(Message);
            }

            base.Write(buffer);
        }
    }

    private sealed class Cancelling(CancellationTokenSource cancellation) : IProgress<long>
    {
        public void Report(long value) => cancellation.Cancel();
    }

    private sealed class Recording : IProgress<long>
    {
        public List<long> Reports { get; } = [];

        public void Report(long value) => Reports.Add(value);
    }
}

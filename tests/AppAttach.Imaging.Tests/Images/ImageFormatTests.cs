using System.IO.Pipes;
using System.Security.Cryptography;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Tests.Disks;
using AppAttach.Imaging.Tests.Volumes;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Images;

public sealed class ImageFormatTests : IDisposable
{
    private const string FullName = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2";
    private const int SectorSize = 512;
    private const int SerialNumberOffset = 72;
    private const int SerialNumberLength = 8;

    private static readonly byte[] Content = PackageBuilder.Content(5_300_001);
    private static readonly byte[] PackageBytes = MakePackage();

    private readonly TemporaryFolder _folder = new();

    /// <summary>Each format: its extension, and its name at qemu, at libvhdi and with our own reader.</summary>
    public static TheoryData<ImageFormat, string, string, string, string> Formats => new()
    {
        { ImageFormat.VhdxDynamic, "vhdx", "vhdx", "Dynamic", "vhdx-dynamic" },
        { ImageFormat.VhdxFixed, "vhdx", "vhdx", "Fixed", "vhdx-fixed" },
        { ImageFormat.VhdDynamic, "vhd", "vpc", "Dynamic", "vhd-dynamic" },
        { ImageFormat.VhdFixed, "vhd", "vpc", "Fixed", "vhd-fixed" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Image_MountsWithTheFilesOfItsPackage(ImageFormat format, string extension, string qemuFormat, string libraryType, string ownName)
    {
        var image = _folder.PathOf($"image.{extension}");
        var record = await ImageFile.WriteAsync(image, new ImageOptions { Format = format }, PackageBytes);
        Assert.Equal(format, record.Format);
        Assert.Equal(new FileInfo(image).Length, record.FileLengthBytes);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(image))), record.Digest);

        await ImageFile.RequireSoundDiskAsync(image);
        var said = await Judge.PassAsync("vhdiinfo", image);
        Assert.Contains(libraryType, said, StringComparison.Ordinal);
        Assert.Contains($"({record.VirtualSizeBytes} bytes)", await Judge.PassAsync("qemu-img", "info", "-f", qemuFormat, image), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(_folder.PathOf("package.msix"), PackageBytes);
        await ImageFile.VerifyAsync(image, _folder.PathOf("package.msix"));
        RequireSoundForUs(image, ownName);

        var partition = _folder.PathOf("partition.img");
        await ImageFile.ExtractPartitionAsync(image, partition, _folder.PathOf("disk"));
        await using var mounted = await MountedVolume.MountAsync(partition, _folder.PathOf("mount"));
        var folder = Path.Combine(mounted.Path, "apps", FullName);
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, "Data", "content.bin")));
        Assert.Equal(record.FileCount, Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count());
    }

    /// <summary>The volume is the same in every format but for its serial number: as qemu reads them, byte for byte.</summary>
    [Fact]
    public async Task Volume_IsTheSameInEveryFormat()
    {
        Judge.Require("qemu-img");
        var volumes = new List<byte[]>();
        foreach (var row in Formats)
        {
            var (format, extension, qemuFormat, _, _) = row.Data;
            var image = _folder.PathOf($"{format}.{extension}");
            var raw = _folder.PathOf($"{format}.raw");
            await ImageFile.WriteAsync(image, new ImageOptions { Format = format }, PackageBytes);
            await Judge.PassAsync("qemu-img", "convert", "-f", qemuFormat, "-O", "raw", image, raw);
            volumes.Add(await ReadVolumeAsync(raw));
        }

        var serials = volumes.Select(volume => BitConverter.ToUInt64(volume, SerialNumberOffset)).ToList();
        Assert.Equal(serials.Count, serials.Distinct().Count());
        volumes.ForEach(volume =>
        {
            volume.AsSpan(SerialNumberOffset, SerialNumberLength).Clear();
            volume.AsSpan(volume.Length - SectorSize + SerialNumberOffset, SerialNumberLength).Clear();
        });
        Assert.All(volumes, volume => Assert.True(volume.AsSpan().SequenceEqual(volumes[0]), "A volume differs."));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task WorkersAndSink_DoNotChangeAByte(ImageFormat format, string extension, string qemuFormat, string libraryType, string ownName)
    {
        Assert.NotEmpty(qemuFormat + libraryType + ownName);
        var one = await ImageFile.WriteAsync(_folder.PathOf($"1.{extension}"), new ImageOptions { Format = format, Workers = 1 }, PackageBytes);
        var eight = await WriteThroughPipeAsync(_folder.PathOf($"8.{extension}"), new ImageOptions { Format = format, Workers = 8 });
        Assert.Equal(one.Digest, eight.Digest);
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder.PathOf($"1.{extension}")), await File.ReadAllBytesAsync(_folder.PathOf($"8.{extension}")));
    }

    [Fact]
    public async Task FormatThatDoesNotExist_IsRefused() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => ImageFile.WriteAsync(_folder.PathOf("image"), new ImageOptions { Format = (ImageFormat)4 }, PackageBytes));

    [Fact]
    public async Task TimeStamp_IsThatOfThePackage()
    {
        var time = new DateTimeOffset(2025, 5, 6, 7, 8, 10, TimeSpan.Zero);
        var image = _folder.PathOf("image.vhd");
        await ImageFile.WriteAsync(image, new ImageOptions { Format = ImageFormat.VhdFixed, Time = time }, PackageBytes);
        var footer = VhdFooter.Read((await File.ReadAllBytesAsync(image)).AsSpan()[^SectorSize..]);
        Assert.Equal(VhdFooter.TimeStampOf(time), footer.TimeStamp);
        Assert.NotEqual(0u, footer.TimeStamp);
    }

    private static byte[] MakePackage()
    {
        var builder = new PackageBuilder().With("app.exe", "not a program").With("empty.txt", "").With("Data/content.bin", Content);
        for (var i = 0; i < 60; i++)
        {
            builder.With($"many/file {i}.bin", PackageBuilder.Content(i * 500, i));
        }

        return builder.Build();
    }

    private static void RequireSoundForUs(string image, string ownName)
    {
        using var file = File.OpenRead(image);
        Assert.Equal(ownName, ImageReader.Open(file).Format);
        var report = ImageChecker.CheckAgainst(file, [Package.Open(new MemoryStream(PackageBytes))]);
        Assert.Equal([], report.Findings.Select(finding => finding.ToString()));
        Assert.True(report.IsSound);
    }

    private static async Task<byte[]> ReadVolumeAsync(string raw)
    {
        const int entryLastSector = (2 * SectorSize) + 40;
        var disk = await File.ReadAllBytesAsync(raw);
        var end = (int)((BitConverter.ToInt64(disk, entryLastSector) + 1) * SectorSize);
        return disk[(int)DiskPlan.PartitionOffsetBytes..end];
    }

    /// <summary>Writes into a pipe, which holds little and is read in small odd pieces: nobody can go back in it, and the writer has to wait.</summary>
    private static async Task<ImageRecord> WriteThroughPipeAsync(string path, ImageOptions options)
    {
        await using var sink = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var source = new AnonymousPipeClientStream(PipeDirection.In, sink.ClientSafePipeHandle);
        var upload = Task.Run(async () =>
        {
            await using var file = File.Create(path);
            await source.CopyToAsync(file, bufferSize: 3333);
        });
        var record = await ImageWriter.WriteAsync(
            [Package.Open(new MemoryStream(PackageBytes))], options, new ForwardOnlyStream(new PiecewiseStream(sink)));
        await sink.DisposeAsync();
        await upload;
        return record;
    }

    /// <summary>Passes every write on in pieces of a few thousand bytes, as a network does.</summary>
    private sealed class PiecewiseStream(Stream inner) : MemoryStream
    {
        private const int PieceLength = 4567;

        public override void Flush() => inner.Flush();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            for (; !buffer.IsEmpty; buffer = buffer[Math.Min(PieceLength, buffer.Length)..])
            {
                inner.Write(buffer[..Math.Min(PieceLength, buffer.Length)]);
                Thread.Yield();
            }
        }
    }
}

using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class VirtualDiskTests
{
    public static TheoryData<string, string?, string> QemuFormats => new()
    {
        { "vhdx", "subformat=dynamic", nameof(DiskFormat.VhdxDynamic) },
        { "vhdx", "subformat=dynamic,block_size=1048576", nameof(DiskFormat.VhdxDynamic) },
        { "vhdx", "subformat=fixed,block_size=2097152", nameof(DiskFormat.VhdxFixed) },
        { "vpc", "subformat=dynamic,force_size=on", nameof(DiskFormat.VhdDynamic) },
        { "vpc", "subformat=fixed,force_size=on", nameof(DiskFormat.VhdFixed) },
        { "raw", null, nameof(DiskFormat.Raw) },
    };

    [Theory]
    [MemberData(nameof(QemuFormats))]
    public async Task DiskOfQemu_ReadsAsItWas(string format, string? options, string expected)
    {
        using var folder = new TemporaryFolder();
        var raw = folder.PathOf("disk.raw");
        var image = folder.PathOf("disk.image");
        const long size = 40 * Mebibyte;
        WriteRaw(raw, size, (0, Noise(1, 3_000_000)), (17 * Mebibyte, Noise(2, 700)), (size - 600, Noise(3, 600)));
        string[] withOptions = options is null ? [] : ["-o", options];
        await Judge.PassAsync("qemu-img", ["convert", "-f", "raw", "-O", format, .. withOptions, raw, image]);

        using var file = File.OpenRead(image);
        var disk = VirtualDisk.Open(file);
        Assert.Equal(expected, disk.Format.ToString());
        Assert.Equal(size, disk.Length);
        Assert.Equal(await File.ReadAllBytesAsync(raw), ReadAll(disk));
    }

    [Fact]
    public async Task BlocksAroundChunkBoundaryOfQemu_AreFound()
    {
        using var folder = new TemporaryFolder();
        var raw = folder.PathOf("disk.raw");
        var image = folder.PathOf("disk.vhdx");
        const long chunk = 4096L * Mebibyte;
        var content = Noise(1, 2 * Mebibyte);
        WriteRaw(raw, chunk + (2 * Mebibyte), (chunk - Mebibyte, content));
        await Judge.PassAsync("qemu-img", "convert", "-f", "raw", "-O", "vhdx", "-o", "block_size=1048576", raw, image);

        using var file = File.OpenRead(image);
        var disk = VirtualDisk.Open(file);
        var read = new byte[content.Length];
        disk.Read(chunk - Mebibyte, read);
        Assert.Equal(content, read);
        disk.Read(chunk + Mebibyte, read.AsSpan(0, Mebibyte));
        Assert.False(read.AsSpan(0, Mebibyte).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void OwnDisk_ReadsAsItWas()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("disk.vhdx");
        var content = Noise(1, (2 * Mebibyte) + 100);
        WriteFile(path, new VhdxPlan(9 * Mebibyte, 2 * Mebibyte, Vhdx, [new ByteExtent(Mebibyte, content.Length)]), (Mebibyte, content));

        using var file = File.OpenRead(path);
        var disk = Assert.IsType<VhdxDisk>(VirtualDisk.Open(file));
        var expected = new byte[9 * Mebibyte];
        content.CopyTo(expected, Mebibyte);
        Assert.Equal(expected, ReadAll(disk));
        Assert.Equal(Vhdx.DiskGuid, disk.Structure.Metadata.DiskGuid);
        Assert.Equal(2ul, disk.Structure.Header.SequenceNumber);
    }

    [Fact]
    public async Task DifferencingDisk_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var parent = folder.PathOf("parent.vhd");
        var child = folder.PathOf("child.vhd");
        await Judge.PassAsync("qemu-img", "create", "-f", "vpc", parent, "10M");
        var bytes = await File.ReadAllBytesAsync(parent);
        foreach (var footer in (int[])[0, bytes.Length - VhdFooter.Size])
        {
            bytes[footer + 63] = 4;
            bytes[footer + 67]--;
        }

        await File.WriteAllBytesAsync(child, bytes);
        AssertRefused(child, Defect.ImageUnsupported, "differencing");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(100_000)]
    public void FileOfZeros_IsNoDiskImage(int length)
    {
        using var stream = new MemoryStream(new byte[length]);
        Assert.Throws<InvalidInputException>(() => PartitionTable.FindNtfsVolume(VirtualDisk.Open(stream)));
    }

    [Fact]
    public async Task FooterOverwritten_CopyAtTheStartIsUsed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("disk.vhd");
        await Judge.PassAsync("qemu-img", "create", "-f", "vpc", path, "10M");
        using var file = File.Open(path, FileMode.Open);
        file.Position = file.Length - 100;
        file.WriteByte(1);
        file.Flush();

        Assert.Equal(DiskFormat.VhdDynamic, VirtualDisk.Open(file).Format);
        file.Position = 100;
        file.WriteByte(1);
        var exception = Assert.Throws<InvalidInputException>(() => VirtualDisk.Open(file));
        Assert.Equal("image-corrupt", exception.Code);
    }

    internal static byte[] ReadAll(ByteSource source)
    {
        using var stream = new ByteSourceStream(source);
        using var copy = new MemoryStream();
        stream.CopyTo(copy, 99_991);
        return copy.ToArray();
    }

    private static void AssertRefused(string path, Defect defect, string word)
    {
        using var file = File.OpenRead(path);
        var exception = Assert.Throws<InvalidInputException>(() => VirtualDisk.Open(file));
        Assert.Equal(defect, exception.Defect);
        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }
}

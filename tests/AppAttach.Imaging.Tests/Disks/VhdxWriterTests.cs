using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class VhdxWriterTests
{
    [Theory]
    [InlineData(1 * Mebibyte, 1 * Mebibyte)]
    [InlineData(10 * Mebibyte, 1 * Mebibyte)]
    [InlineData((10 * Mebibyte) + 512, 1 * Mebibyte)]
    [InlineData(11 * Mebibyte, 2 * Mebibyte)]
    [InlineData(70 * Mebibyte, 32 * Mebibyte)]
    public async Task Disk_ReadsBackThroughQemu(long size, int blockSize)
    {
        var last = Noise(2, 4096);
        await CompareThroughQemu(size, blockSize, (0, Noise(1, 3000)), (size - last.Length, last));
    }

    [Theory]
    [InlineData(1 * Mebibyte)]
    [InlineData((10 * Mebibyte) + 512)]
    public async Task FixedDisk_HasAllBlocks_AndReadsBackThroughQemu(long size)
    {
        var plan = new VhdxPlan(size, Mebibyte, Vhdx, [], isFixed: true);
        Assert.Equal(plan.Bat.PayloadBlocks, plan.PresentBlocks);
        var last = Noise(2, 4096);
        await CompareThroughQemu(size, Mebibyte, isFixed: true, (0, Noise(1, 3000)), (size - last.Length, last));
    }

    [Fact]
    public async Task LastBlockBeforeAndFirstBehindFirstChunk_ReadBackThroughQemu()
    {
        const long chunk = 4096L * Mebibyte;
        await CompareThroughQemu(
            chunk + (3 * Mebibyte),
            Mebibyte,
            (0, Noise(1, 512)),
            (chunk - Mebibyte, Noise(2, Mebibyte)),
            (chunk, Noise(3, Mebibyte)),
            (chunk + (2 * Mebibyte), Noise(4, Mebibyte)));
    }

    [Fact]
    public async Task DiskOfExactlyOneChunk_ReadsBackThroughQemu() =>
        await CompareThroughQemu(4096L * Mebibyte, Mebibyte, (4095L * Mebibyte, Noise(1, Mebibyte)));

    [Fact]
    public async Task BlocksBehindSecondChunk_ReadBackThroughQemu() => await CompareThroughQemu(
        (8192L * Mebibyte) + (2 * Mebibyte), 2 * Mebibyte, (8190L * Mebibyte, Noise(1, 4 * Mebibyte)));

    [Fact]
    public async Task AllZeroDisk_HasNoBlocks()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("empty.vhdx");
        var plan = new VhdxPlan(5 * Mebibyte, Mebibyte, Vhdx, []);
        WriteFile(path, plan);

        Assert.Equal(4 * Mebibyte, plan.FileSizeBytes);
        await Judge.PassAsync("qemu-img", "check", "-f", "vhdx", path);
    }

    [Fact]
    public void BytesOnAbsentBlock_AreRefusedUnlessZero()
    {
        var writer = new VhdxWriter(Stream.Null, new VhdxPlan(3 * Mebibyte, Mebibyte, Vhdx, [new ByteExtent(0, 1)]));
        writer.Skip(Mebibyte);
        writer.Write(new byte[100]);

        Assert.Throws<InvalidOperationException>(() => writer.Write([0, 1]));
    }

    [Fact]
    public void BytesBehindDisk_AreRefused()
    {
        var writer = new VhdxWriter(Stream.Null, new VhdxPlan(Mebibyte, Mebibyte, Vhdx, []));
        writer.Skip(Mebibyte);

        Assert.Throws<InvalidOperationException>(() => writer.Write([0]));
        Assert.Throws<InvalidOperationException>(() => writer.Skip(1));
    }

    [Fact]
    public void MissingBytes_AreRefused()
    {
        var writer = new VhdxWriter(Stream.Null, new VhdxPlan(Mebibyte, Mebibyte, Vhdx, []));
        writer.Skip(Mebibyte - 1);

        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    [Fact]
    public void SizeOfPieces_DoesNotMatter()
    {
        var content = Noise(7, 3 * Mebibyte);
        var plan = new VhdxPlan(content.Length, Mebibyte, Vhdx, [new ByteExtent(0, content.Length)]);
        using var whole = new MemoryStream();
        var writer = new VhdxWriter(whole, plan);
        writer.Write(content);
        writer.Complete();

        using var pieces = new MemoryStream();
        writer = new VhdxWriter(pieces, plan);
        for (var i = 0; i < content.Length; i += 77_777)
        {
            writer.Write(content.AsSpan(i, Math.Min(77_777, content.Length - i)));
        }

        writer.Complete();
        Assert.Equal(whole.ToArray(), pieces.ToArray());
    }

    [Theory]
    [InlineData(0, Mebibyte)]
    [InlineData(513, Mebibyte)]
    [InlineData((64L << 40) + 512, Mebibyte)]
    [InlineData(Mebibyte, Mebibyte / 2)]
    [InlineData(Mebibyte, 3 * Mebibyte)]
    [InlineData(Mebibyte, 512 * Mebibyte)]
    public void SizeOutsideFormat_IsRefused(long size, int blockSize) =>
        Assert.ThrowsAny<ArgumentException>(() => new VhdxPlan(size, blockSize, Vhdx, []));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, Mebibyte + 1)]
    [InlineData(Mebibyte + 1, 0)]
    [InlineData(Mebibyte, long.MaxValue)]
    public void ExtentOutsideDisk_IsRefused(long offset, long length) =>
        Assert.ThrowsAny<ArgumentException>(() => new VhdxPlan(Mebibyte, Mebibyte, Vhdx, [new ByteExtent(offset, length)]));

    private static Task CompareThroughQemu(long size, int blockSize, params (long Offset, byte[] Bytes)[] pieces) =>
        CompareThroughQemu(size, blockSize, isFixed: false, pieces);

    private static async Task CompareThroughQemu(long size, int blockSize, bool isFixed, params (long Offset, byte[] Bytes)[] pieces)
    {
        using var folder = new TemporaryFolder();
        var image = folder.PathOf("disk.vhdx");
        WriteFile(image, new VhdxPlan(size, blockSize, Vhdx, Extents(pieces), isFixed), pieces);

        Assert.Equal(0, new FileInfo(image).Length % Mebibyte);
        await Judge.PassAsync("qemu-img", "check", "-f", "vhdx", image);
        await DiskJudges.RequireReadsAsync(folder, image, "vhdx", size, pieces);
        var said = await Judge.PassAsync("vhdiinfo", image);
        Assert.Contains($"({size} bytes)", said, StringComparison.Ordinal);
        Assert.Contains(isFixed ? "Fixed" : "Dynamic", said, StringComparison.Ordinal);
        Assert.Contains(Vhdx.DataWriteGuid.ToString(), said, StringComparison.OrdinalIgnoreCase);
    }
}

using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class VhdWriterTests
{
    private const int Block = VhdDynamicPlan.BlockSizeBytes;

    [Theory]
    [InlineData(512)]
    [InlineData(Block - 512)]
    [InlineData(Block)]
    [InlineData(Block + 512)]
    [InlineData(11 * Mebibyte)]
    [InlineData(128 * Block)]
    [InlineData((128 * Block) + 512)]
    public async Task DynamicDisk_ReadsBackThroughQemu(int size)
    {
        var last = Noise(2, 512);
        await RequireReadBackAsync(size, isFixed: false, Distinct((0, Noise(1, 512)), (size - last.Length, last)));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(Mebibyte)]
    [InlineData((10 * Mebibyte) + 512)]
    public async Task FixedDisk_ReadsBackThroughQemu(int size)
    {
        var last = Noise(2, 512);
        await RequireReadBackAsync(size, isFixed: true, Distinct((0, Noise(1, 512)), (size - last.Length, last)));
    }

    [Fact]
    public async Task DynamicDiskWithBlocksLeftOut_ReadsBackThroughQemu() => await RequireReadBackAsync(
        21 * Mebibyte, isFixed: false, (100, Noise(1, 700)), ((2 * Block) - 512, Noise(2, 1024)), ((5 * Block) + 512, Noise(3, Block + 7)));

    [Fact]
    public async Task LargestDynamicDisk_ReadsBackThroughQemu()
    {
        const long size = VhdDisk.MaximumSizeBytes;
        await RequireReadBackAsync(
            size, isFixed: false, (0, Noise(1, 512)), ((1L << 40) - 100, Noise(2, 3000)), (size - 600, Noise(3, 600)));
    }

    [Fact]
    public void LargestDynamicDiskWithAllBlocks_IsStillWithinWhatATableCanName()
    {
        const long size = VhdDisk.MaximumSizeBytes;
        var plan = new VhdDynamicPlan(size, Vhd, [new ByteExtent(0, size)]);
        Assert.Equal(plan.Blocks, plan.PresentCount);
        var last = plan.BatEntry(plan.Blocks - 1);
        Assert.Equal(plan.BitmapOffsetOfBlock(plan.Blocks - 1), last.FileOffset);
        Assert.Equal(plan.FooterOffsetBytes, last.FileOffset + 512 + Block);
        Assert.True(last.FileOffset < 2L << 40);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(513)]
    [InlineData(VhdDisk.MaximumSizeBytes + 512)]
    public void SizeOutsideFormat_IsRefused(long size)
    {
        Assert.ThrowsAny<ArgumentException>(() => new VhdDynamicPlan(size, Vhd, []));
        Assert.ThrowsAny<ArgumentException>(() => new VhdFixedPlan(size, Vhd));
    }

    [Fact]
    public void LargestFixedDisk_IsPlanned() =>
        Assert.Equal(VhdDisk.MaximumSizeBytes + 512, new VhdFixedPlan(VhdDisk.MaximumSizeBytes, Vhd).FileSizeBytes);

    [Fact]
    public void AllZeroDynamicDisk_HasNoBlocks()
    {
        using var stream = new MemoryStream();
        var writer = new VhdDynamicPlan(100 * Mebibyte, Vhd, []).StartFile(stream);
        writer.Skip(100 * Mebibyte);
        writer.Complete();

        Assert.Equal(4096 + 512, stream.Length);
        Assert.False(VirtualDiskTests.ReadAll(VirtualDisk.Open(stream)).AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Structures_AreAsSpecified()
    {
        using var stream = new MemoryStream();
        var plan = new VhdDynamicPlan(3 * Block, Vhd, [new ByteExtent(0, 1), new ByteExtent(2 * Block, 1)]);
        var writer = plan.StartFile(stream);
        writer.Write([1]);
        writer.Skip((2 * Block) - 1);
        writer.Write([2]);
        writer.Skip(Block - 1);
        writer.Complete();
        var bytes = stream.ToArray();

        Assert.Equal(bytes[..512], bytes[^512..]);
        var footer = VhdFooter.Read(bytes);
        Assert.Equal((512ul, (ulong)(3 * Block), 3u), (footer.DataOffset, footer.CurrentSizeBytes, footer.DiskType));
        Assert.Equal((Vhd.UniqueId, Vhd.TimeStamp), (footer.UniqueId, footer.TimeStamp));
        Assert.Equal(new VhdDynamicHeader(1536, 0x00010000, 3, Block), VhdDynamicHeader.Read(bytes.AsSpan(512)));
        uint[] sectors = [.. Enumerable.Range(0, 128).Select(entry => VhdBatEntry.Read(bytes.AsSpan(1536 + (entry * 4))).Sector)];
        Assert.Equal(uint.MaxValue, sectors[1]);
        Assert.All(sectors[3..], sector => Assert.Equal(uint.MaxValue, sector));
        foreach (var (sector, content) in (ReadOnlySpan<(uint, byte)>)[(sectors[0], 1), (sectors[2], 2)])
        {
            var bitmap = (int)sector * 512;
            Assert.Equal(0, (bitmap + 512) % 4096);
            Assert.False(bytes.AsSpan(bitmap, 512).ContainsAnyExcept((byte)0xFF));
            Assert.Equal(content, bytes[bitmap + 512]);
        }
    }

    [Theory]
    [InlineData("1979-12-31T23:59:59Z", 0u)]
    [InlineData("2000-01-01T00:00:00Z", 0u)]
    [InlineData("2000-01-01T00:00:01.9Z", 1u)]
    [InlineData("2026-01-01T00:00:00+01:00", 820537200u)]
    [InlineData("2136-02-07T06:28:15Z", uint.MaxValue)]
    [InlineData("2136-02-07T06:28:16Z", uint.MaxValue)]
    public void TimeStamp_CountsSecondsFrom2000(string time, uint expected) =>
        Assert.Equal(expected, VhdFooter.TimeStampOf(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void BytesOnAbsentBlock_AreRefusedUnlessZero()
    {
        var writer = new VhdDynamicPlan(3 * Block, Vhd, [new ByteExtent(0, 1)]).StartFile(Stream.Null);
        writer.Skip(Block);
        writer.Write(new byte[100]);

        Assert.Throws<InvalidOperationException>(() => writer.Write([0, 1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BytesThatContradictThePlan_AreRefused(bool isFixed)
    {
        var writer = Plan(Mebibyte, isFixed).StartFile(Stream.Null);
        writer.Skip(Mebibyte - 1);
        Assert.Throws<InvalidOperationException>(writer.Complete);
        Assert.Throws<InvalidOperationException>(() => writer.Skip(2));
        Assert.Throws<InvalidOperationException>(() => writer.Write([0, 0]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SizeOfPieces_DoesNotMatter(bool isFixed)
    {
        var content = Noise(7, (2 * Block) + Mebibyte);
        var plan = Plan(content.Length, isFixed, (0, content));
        using var whole = new MemoryStream();
        var writer = plan.StartFile(whole);
        writer.Write(content);
        writer.Complete();

        using var pieces = new MemoryStream();
        writer = plan.StartFile(pieces);
        for (var i = 0; i < content.Length; i += 77_777)
        {
            writer.Write(content.AsSpan(i, Math.Min(77_777, content.Length - i)));
        }

        writer.Complete();
        Assert.Equal(whole.ToArray(), pieces.ToArray());
    }

    private static DiskFilePlan Plan(long size, bool isFixed, params (long Offset, byte[] Bytes)[] pieces) =>
        isFixed ? new VhdFixedPlan(size, Vhd) : new VhdDynamicPlan(size, Vhd, Extents(pieces));

    private static (long Offset, byte[] Bytes)[] Distinct(params (long Offset, byte[] Bytes)[] pieces) =>
        [.. pieces.DistinctBy(piece => piece.Offset)];

    private static async Task RequireReadBackAsync(long size, bool isFixed, params (long Offset, byte[] Bytes)[] pieces)
    {
        using var folder = new TemporaryFolder();
        var image = folder.PathOf("disk.vhd");
        WriteFile(image, Plan(size, isFixed, pieces), pieces);
        await DiskJudges.RequireReadsAsync(folder, image, "vpc", size, pieces);

        var said = await Judge.PassAsync("vhdiinfo", image);
        Assert.Contains($"({size} bytes)", said, StringComparison.Ordinal);
        Assert.Contains(isFixed ? "Fixed" : "Dynamic", said, StringComparison.Ordinal);
        Assert.Contains(Vhd.UniqueId.ToString(), said, StringComparison.OrdinalIgnoreCase);

        using var file = File.OpenRead(image);
        var disk = VirtualDisk.Open(file);
        Assert.Equal((isFixed ? DiskFormat.VhdFixed : DiskFormat.VhdDynamic, size), (disk.Format, disk.Length));
        foreach (var (offset, bytes) in pieces)
        {
            var read = new byte[bytes.Length];
            disk.Read(offset, read);
            Assert.Equal(bytes, read);
        }
    }
}

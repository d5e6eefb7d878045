using AppAttach.Imaging.Disks;

namespace AppAttach.Imaging.Tests.Disks;

public class VhdGeometryTests
{
    private const long Mebibyte = DiskFixtures.Mebibyte;

    [Theory]
    [InlineData(0, 0, 4, 17)]
    [InlineData(67, 0, 4, 17)]
    [InlineData(68, 1, 4, 17)]
    [InlineData((17 * 4096) - 1, 1023, 4, 17)]
    [InlineData(17 * 4096, 140, 16, 31)]
    [InlineData(17 * 4097, 819, 5, 17)]
    [InlineData((17 * 16384) - 1, 1023, 16, 17)]
    [InlineData(17 * 16384, 561, 16, 31)]
    [InlineData((31 * 16384) - 1, 1023, 16, 31)]
    [InlineData(31 * 16384, 503, 16, 63)]
    [InlineData((65535 * 16 * 63) - 1, 65534, 16, 63)]
    [InlineData(65535 * 16 * 63, 16191, 16, 255)]
    [InlineData((65535 * 16 * 255) - 1, 65534, 16, 255)]
    [InlineData(65535 * 16 * 255, 65535, 16, 255)]
    [InlineData(2040L << 21, 65535, 16, 255)]
    public void EitherSideOfEachThreshold_IsAsSpecified(long sectors, int cylinders, int heads, int sectorsPerTrack) =>
        Assert.Equal(new VhdGeometry((ushort)cylinders, (byte)heads, (byte)sectorsPerTrack), VhdGeometry.Of(sectors * 512));

    /// <summary>qemu makes disks whose size is the product of their geometry; from that size we must come to the same geometry.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(135)]
    [InlineData(200)]
    [InlineData(300)]
    [InlineData(10_000)]
    [InlineData(33_000)]
    [InlineData(120_000)]
    public async Task DiskOfQemu_HasTheSameGeometry(int mebibytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("disk.vhd");
        await Judge.PassAsync("qemu-img", "create", "-f", "vpc", path, $"{mebibytes}M");
        var bytes = await File.ReadAllBytesAsync(path);
        var footer = VhdFooter.Read(bytes);
        Assert.True(VhdFooter.IsIntact(bytes));
        Assert.Equal(footer.Geometry.SizeBytes, (long)footer.CurrentSizeBytes);
        Assert.Equal(footer.Geometry, VhdGeometry.Of((long)footer.CurrentSizeBytes));
    }

    [Fact]
    public void DiskSize_LetsTheGeometryCoverThePartition_AndIsNotLargerThanThat()
    {
        var random = new Random(20260103);
        var enlarged = 0;
        for (var round = 0; round < 20_000; round++)
        {
            // As many small disks as large ones, up to the largest that a geometry can cover.
            var covered = Math.Min(Mebibyte * random.NextInt64(2, 2L << random.Next(1, 17)), VhdGeometry.Maximum.SizeBytes / Mebibyte * Mebibyte);
            var needed = covered + GptLayout.BackupLengthBytes;
            var size = VhdGeometry.FindDiskSize(needed, covered, (int)Mebibyte);
            Assert.Equal(0, size % Mebibyte);
            Assert.True(size >= needed && VhdGeometry.Of(size).SizeBytes >= covered, $"{size} for {covered}.");

            var least = DiskUnits.Align(needed, Mebibyte);
            enlarged += size > least ? 1 : 0;
            Assert.True(size == least || VhdGeometry.Of(size - Mebibyte).SizeBytes < covered, $"{size} for {covered} is too much.");
            Assert.InRange(size - least, 0, Mebibyte);
        }

        Assert.NotEqual(0, enlarged);
    }

    [Fact]
    public void DiskBehindAnyGeometry_IsNotEnlarged()
    {
        var covered = DiskUnits.Align(VhdGeometry.Maximum.SizeBytes, Mebibyte);
        Assert.Equal(covered + Mebibyte, VhdGeometry.FindDiskSize(covered + GptLayout.BackupLengthBytes, covered, (int)Mebibyte));
    }
}

using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class DiskWriterTests
{
    private const long Gibibyte = 1024L * Mebibyte;

    [Theory]
    [InlineData(1 * Mebibyte, nameof(DiskFormat.VhdxDynamic))]
    [InlineData((3 * Mebibyte) - (33 * 512), nameof(DiskFormat.VhdxDynamic))]
    [InlineData((3 * Mebibyte) - (32 * 512), nameof(DiskFormat.VhdxDynamic))]
    [InlineData(5 * Gibibyte, nameof(DiskFormat.VhdxDynamic))]
    [InlineData((3 * Mebibyte) - (33 * 512), nameof(DiskFormat.VhdxFixed))]
    [InlineData(1 * Mebibyte, nameof(DiskFormat.VhdDynamic))]
    [InlineData((3 * Mebibyte) - (33 * 512), nameof(DiskFormat.VhdDynamic))]
    [InlineData((3 * Mebibyte) - (32 * 512), nameof(DiskFormat.VhdDynamic))]
    [InlineData(5 * Gibibyte, nameof(DiskFormat.VhdDynamic))]
    [InlineData((2 * Mebibyte) - (33 * 512), nameof(DiskFormat.VhdFixed))]
    [InlineData((2 * Mebibyte) - (32 * 512), nameof(DiskFormat.VhdFixed))]
    public async Task Disk_HasAPartitionTableWithoutComplaint(long partitionLength, string format)
    {
        using var folder = new TemporaryFolder();
        var image = folder.PathOf("disk.image");
        var raw = folder.PathOf("disk.raw");
        var content = Noise(1, 5000);
        var plan = new DiskPlan(partitionLength, [new ByteExtent(4096, content.Length)], Identifiers, Enum.Parse<DiskFormat>(format));
        using (var file = File.Create(image))
        using (var output = new ForwardOnlyStream(file))
        {
            var writer = new DiskWriter(output, plan);
            writer.Skip(4096);
            writer.Write(content);
            Assert.Equal(4096 + content.Length, writer.PartitionPosition);
            writer.Skip(partitionLength - writer.PartitionPosition);
            writer.Complete();
        }

        await Judge.PassAsync("qemu-img", "convert", "-f", format.StartsWith("Vhdx", StringComparison.Ordinal) ? "vhdx" : "vpc", "-O", "raw", image, raw);
        var said = await Judge.PassAsync("sgdisk", "-v", raw);
        Assert.Contains("No problems found", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", said, StringComparison.OrdinalIgnoreCase);

        // The one thing sgdisk may remark on is a partition whose end is not on a megabyte, where the test asked for one.
        Assert.Equal(partitionLength % Mebibyte != 0, said.Contains("Caution", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(partitionLength % Mebibyte != 0, said.Contains("doesn't end on a 2048-sector", StringComparison.Ordinal));
        Assert.DoesNotContain("Problem:", said, StringComparison.OrdinalIgnoreCase);
        var partition = await Judge.PassAsync("sgdisk", "-i", "1", raw);
        Assert.Contains("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", partition, StringComparison.Ordinal);
        Assert.Contains("55555555-5555-4555-8555-555555555555", partition, StringComparison.Ordinal);
        Assert.Contains("First sector: 2048 (at 1024.0 KiB)", partition, StringComparison.Ordinal);
        Assert.Contains($"Partition size: {partitionLength / 512} sectors", partition, StringComparison.Ordinal);

        Assert.Equal(plan.FileSizeBytes, new FileInfo(image).Length);
        Assert.Equal(plan.DiskSizeBytes, new FileInfo(raw).Length);
        using var disk = File.OpenRead(raw);
        disk.Position = DiskPlan.PartitionOffsetBytes + 4096;
        var read = new byte[content.Length];
        disk.ReadExactly(read);
        Assert.Equal(content, read);
    }

    [Theory]
    [InlineData(DiskPlan.SmallBlocksUpToBytes, 1)]
    [InlineData(DiskPlan.SmallBlocksUpToBytes + 512, 2)]
    public void LargeDisk_GetsLargerBlocks(long partitionLength, int mebibytes)
    {
        var plan = new DiskPlan(partitionLength, [], Identifiers);

        var file = Assert.IsType<VhdxPlan>(plan.File);
        Assert.Equal(mebibytes * Mebibyte, file.BlockSizeBytes);
        Assert.Equal(Mebibyte, file.BatLengthBytes);
        Assert.Equal(2, file.PresentBlocks);
    }

    /// <summary>The disk is the partition, 1 MiB before it and the copy of its table, rounded up to whole blocks or mebibytes.</summary>
    [Theory]
    [InlineData((2040 * Gibibyte) - (2 * Mebibyte), nameof(DiskFormat.VhdFixed), true)]
    [InlineData((2040 * Gibibyte) - (1 * Mebibyte), nameof(DiskFormat.VhdFixed), false)]
    [InlineData((2040 * Gibibyte) - (1 * Mebibyte) - (33 * 512), nameof(DiskFormat.VhdDynamic), true)]
    [InlineData((2040 * Gibibyte) - (1 * Mebibyte) - (32 * 512), nameof(DiskFormat.VhdDynamic), false)]
    [InlineData((2040 * Gibibyte) - (1 * Mebibyte), nameof(DiskFormat.VhdxDynamic), true)]
    [InlineData((2040 * Gibibyte) - (1 * Mebibyte), nameof(DiskFormat.VhdxFixed), true)]
    public void DiskLargerThanItsFormatTakes_IsRefused(long partitionLength, string formatName, bool isTaken)
    {
        var format = Enum.Parse<DiskFormat>(formatName);
        if (isTaken)
        {
            Assert.True(new DiskPlan(partitionLength, [], Identifiers, format).DiskSizeBytes >= 2040 * Gibibyte);
            return;
        }

        var refusal = Assert.Throws<InvalidInputException>(() => new DiskPlan(partitionLength, [], Identifiers, format));
        Assert.Equal(Defect.LimitExceeded, refusal.Defect);
        Assert.Contains("2040 GiB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RawDisk_IsNotPlanned() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DiskPlan(Mebibyte, [], Identifiers, DiskFormat.Raw));

    [Fact]
    public void PartitionCutShort_IsRefused()
    {
        var writer = new DiskWriter(Stream.Null, new DiskPlan(Mebibyte, [], Identifiers));
        writer.Skip(Mebibyte - 1);

        Assert.Throws<InvalidOperationException>(writer.Complete);
    }

    [Fact]
    public void PartitionTooLong_IsRefused()
    {
        var writer = new DiskWriter(Stream.Null, new DiskPlan(Mebibyte, [], Identifiers));

        Assert.Throws<InvalidOperationException>(() => writer.Skip(Mebibyte + 1));
        Assert.Throws<InvalidOperationException>(() => writer.Write(new byte[Mebibyte + 1]));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, Mebibyte + 1)]
    public void ExtentOutsidePartition_IsRefused(long offset, long length) =>
        Assert.ThrowsAny<ArgumentException>(() => new DiskPlan(Mebibyte, [new ByteExtent(offset, length)], Identifiers));
}

using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class DiskWriterTests
{
    [Theory]
    [InlineData(1 * Mebibyte)]
    [InlineData((3 * Mebibyte) - (33 * 512))]
    [InlineData((3 * Mebibyte) - (32 * 512))]
    [InlineData(5L * 1024 * Mebibyte)]
    public async Task Disk_HasAPartitionTableWithoutComplaint(long partitionLength)
    {
        using var folder = new TemporaryFolder();
        var image = folder.PathOf("disk.vhdx");
        var raw = folder.PathOf("disk.raw");
        var content = Noise(1, 5000);
        var plan = new DiskPlan(partitionLength, [new ByteExtent(4096, content.Length)], Identifiers);
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

        await Judge.PassAsync("qemu-img", "convert", "-f", "vhdx", "-O", "raw", image, raw);
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

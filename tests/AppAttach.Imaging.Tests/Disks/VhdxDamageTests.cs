using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class VhdxDamageTests
{
    private const int Bat = (int)VhdxPlan.BatOffsetBytes;
    private const int MetadataTable = (int)VhdxPlan.MetadataOffsetBytes;
    private const int MetadataItems = MetadataTable + VhdxMetadata.TableSize;

    [Fact]
    public void NewerHeaderTorn_OlderOneCounts()
    {
        var image = MakeImage();
        image[VhdxRegions.SecondHeaderOffset + 100] ^= 1;

        Assert.Equal(1ul, ((VhdxDisk)Open(image)).Structure.Header.SequenceNumber);
    }

    [Fact]
    public void FirstRegionTableTorn_SecondCounts()
    {
        var image = MakeImage();
        image[VhdxRegions.FirstRegionTableOffset + 100] ^= 1;

        Assert.Equal(3 * Mebibyte, Open(image).Length);
    }

    [Fact]
    public void BothHeadersTorn_IsRefused()
    {
        var image = MakeImage();
        image[VhdxRegions.FirstHeaderOffset + 9] ^= 1;
        image[VhdxRegions.SecondHeaderOffset + 9] ^= 1;
        AssertCorrupt(image, "headers");
    }

    [Fact]
    public void BothRegionTablesTorn_IsRefused()
    {
        var image = MakeImage();
        image[VhdxRegions.FirstRegionTableOffset + 9] ^= 1;
        image[VhdxRegions.SecondRegionTableOffset + 9] ^= 1;
        AssertCorrupt(image, "region tables");
    }

    [Fact]
    public void LogInUse_IsRefused()
    {
        var image = MakeImage();
        Span<byte> header = image.AsSpan(VhdxRegions.SecondHeaderOffset);
        (VhdxHeader.Read(header) with { LogGuid = Vhdx.DiskGuid }).Write(header);
        AssertRefused(image, Defect.ImageUnsupported, "log");
    }

    [Theory]
    [InlineData(MetadataTable, "metadata table")]
    [InlineData(MetadataTable + 10, "physical sector")]
    [InlineData(MetadataItems + 1, "block size")]
    [InlineData(MetadataItems + 15, "virtual disk")]
    [InlineData(MetadataItems + 13, "BAT")]
    [InlineData(MetadataItems + 32, "sectors")]
    public void MetadataDamaged_IsRefused(int offset, string word)
    {
        var image = MakeImage();
        image[offset] ^= 1;
        AssertCorrupt(image, word);
    }

    [Fact]
    public void ParentFlag_IsRefused()
    {
        var image = MakeImage();
        image[MetadataItems + 4] |= 2;
        AssertRefused(image, Defect.ImageUnsupported, "differencing");
    }

    [Theory]
    [InlineData(4, "state 4")]
    [InlineData(5, "state 5")]
    public void BlockState_ThatDoesNotExist_IsRefusedWhenRead(byte state, string word)
    {
        var image = MakeImage();
        image[Bat] = state;
        var disk = Open(image);
        var exception = Assert.Throws<InvalidInputException>(() => disk.Read(0, new byte[1]));
        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BlockBehindFile_IsRefusedWhenRead()
    {
        var image = MakeImage();
        image[Bat + 6] = 0x7F;
        var disk = Open(image);
        Assert.Equal(Defect.ImageCorrupt, Assert.Throws<InvalidInputException>(() => disk.Read(0, new byte[1])).Defect);
    }

    [Fact]
    public void TruncatedAnywhere_IsRefusedOrReadUpToThere()
    {
        var image = MakeImage();
        for (var length = 0; length < image.Length; length += 40_009)
        {
            Assert.True(IsRefusedOrRead(image[..length]), $"Truncated to {length} bytes.");
        }
    }

    /// <summary>Whatever the bytes, reading ends with bytes or the one exception.</summary>
    [Fact]
    public void RandomMutations_NeverEndOtherwise()
    {
        var random = new Random(20260101);
        var image = MakeImage();
        int[] places =
        [
            0, VhdxRegions.FirstHeaderOffset, VhdxRegions.SecondHeaderOffset, VhdxRegions.FirstRegionTableOffset,
            VhdxRegions.SecondRegionTableOffset, MetadataTable, MetadataItems, Bat, Bat + Mebibyte,
        ];
        for (var round = 0; round < 400; round++)
        {
            var mutated = image.ToArray();
            for (var i = 0; i <= random.Next(4); i++)
            {
                mutated[places[random.Next(places.Length)] + random.Next(200)] = (byte)random.Next(256);
            }

            RepairChecksums(mutated);
            IsRefusedOrRead(mutated);
        }
    }

    private static void RepairChecksums(byte[] image)
    {
        foreach (var (offset, size) in (ReadOnlySpan<(int, int)>)
        [
            (VhdxRegions.FirstHeaderOffset, VhdxHeader.Size),
            (VhdxRegions.SecondHeaderOffset, VhdxHeader.Size),
            (VhdxRegions.FirstRegionTableOffset, VhdxRegionTable.Size),
            (VhdxRegions.SecondRegionTableOffset, VhdxRegionTable.Size),
        ])
        {
            BitConverter.TryWriteBytes(image.AsSpan(offset + 4), Crc32C.Compute(image.AsSpan(offset, size), 4));
        }
    }

    private static bool IsRefusedOrRead(byte[] image)
    {
        try
        {
            var disk = Open(image);
            disk.Read(0, new byte[Math.Min(disk.Length, 4 * Mebibyte)]);
            PartitionTable.FindNtfsVolume(disk);
            return true;
        }
        catch (InvalidInputException)
        {
            return true;
        }
    }

    private static byte[] MakeImage()
    {
        using var stream = new MemoryStream();
        var plan = new VhdxPlan(3 * Mebibyte, Mebibyte, Vhdx, [new ByteExtent(0, Mebibyte)]);
        var writer = new VhdxWriter(stream, plan);
        writer.Write(Noise(1, Mebibyte));
        writer.Skip(2 * Mebibyte);
        writer.Complete();
        return stream.ToArray();
    }

    private static VirtualDisk Open(byte[] image) => VirtualDisk.Open(new MemoryStream(image));

    private static void AssertCorrupt(byte[] image, string word) => AssertRefused(image, Defect.ImageCorrupt, word);

    private static void AssertRefused(byte[] image, Defect defect, string word)
    {
        var exception = Assert.Throws<InvalidInputException>(() => Open(image));
        Assert.Equal(defect, exception.Defect);
        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }
}

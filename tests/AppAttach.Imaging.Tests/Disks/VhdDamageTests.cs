using System.Buffers.Binary;
using AppAttach.Imaging.Disks;
using static AppAttach.Imaging.Tests.Disks.DiskFixtures;

namespace AppAttach.Imaging.Tests.Disks;

public class VhdDamageTests
{
    private const int Header = VhdDynamicPlan.HeaderOffsetBytes;
    private const int Table = VhdDynamicPlan.TableOffsetBytes;
    private const int FirstBitmap = 4096 + 3584;
    private const int Size = 6 * Mebibyte;

    [Theory]
    [InlineData(Header + 3, "dynamic header")]
    [InlineData(Header + 900, "dynamic header")]
    public void HeaderDamaged_IsRefused(int offset, string word)
    {
        var image = MakeImage();
        image[offset] ^= 1;
        AssertRefused(image, Defect.ImageCorrupt, word);
    }

    [Theory]
    [InlineData(24, 2, Defect.ImageUnsupported, "version")]
    [InlineData(32, 1, Defect.ImageCorrupt, "block size")]
    [InlineData(31, 1, Defect.ImageCorrupt, "entries")]
    [InlineData(18, 1, Defect.ImageCorrupt, "entries")]
    public void HeaderFieldThatCannotBe_IsRefused(int field, byte change, Defect defect, string word)
    {
        var image = MakeImage();
        image[Header + field] ^= change;
        Repair(image);
        AssertRefused(image, defect, word);
    }

    [Fact]
    public void BlockBehindFile_IsRefusedWhenRead()
    {
        var image = MakeImage();
        image[Table] = 0x7F;
        var disk = Open(image);
        Assert.Equal(Defect.ImageCorrupt, Assert.Throws<InvalidInputException>(() => disk.Read(0, new byte[1])).Defect);
    }

    [Fact]
    public void SectorWhoseBitIsClear_ReadsAsZeros()
    {
        var image = MakeImage();
        image[FirstBitmap] = 0xBF;
        var read = new byte[3 * 512];
        Open(image).Read(0, read);
        Assert.Equal(Noise(1, 3 * 512).AsSpan(0, 512), read.AsSpan(0, 512));
        Assert.False(read.AsSpan(512, 512).ContainsAnyExcept((byte)0));
        Assert.False(read.AsSpan(1024).Contains((byte)0));
    }

    [Fact]
    public void FixedFileCutShort_IsRefused()
    {
        using var stream = new MemoryStream();
        var writer = new VhdFixedPlan(Mebibyte, Vhd).StartFile(stream);
        writer.Skip(Mebibyte);
        writer.Complete();
        var image = stream.ToArray();
        byte[] cut = [.. image.AsSpan(512)];
        AssertRefused(cut, Defect.ImageCorrupt, "fixed");
    }

    /// <summary>Whatever the bytes, reading ends with bytes or the one exception.</summary>
    [Fact]
    public void RandomMutations_NeverEndOtherwise()
    {
        var random = new Random(20260104);
        var image = MakeImage();
        int[] places = [0, Header, Table, FirstBitmap, image.Length - 512];
        for (var round = 0; round < 600; round++)
        {
            var mutated = image.ToArray();
            for (var i = 0; i <= random.Next(4); i++)
            {
                mutated[places[random.Next(places.Length)] + random.Next(100)] = (byte)random.Next(256);
            }

            Repair(mutated);
            try
            {
                var disk = Open(mutated);
                disk.Read(0, new byte[Math.Min(disk.Length, Size)]);
                PartitionTable.FindNtfsVolume(disk);
            }
            catch (InvalidInputException)
            {
                continue;
            }
        }
    }

    private static void Repair(byte[] image)
    {
        foreach (var (offset, size, checksum) in (ReadOnlySpan<(int, int, int)>)[(0, 512, 64), (Header, 1024, 36), (image.Length - 512, 512, 64)])
        {
            var structure = image.AsSpan(offset, size);
            structure.Slice(checksum, 4).Clear();
            var sum = 0u;
            foreach (var value in structure)
            {
                sum += value;
            }

            BinaryPrimitives.WriteUInt32BigEndian(structure[checksum..], ~sum);
        }
    }

    private static byte[] MakeImage()
    {
        using var stream = new MemoryStream();
        var writer = new VhdDynamicPlan(Size, Vhd, [new ByteExtent(0, Mebibyte)]).StartFile(stream);
        writer.Write(Noise(1, Mebibyte));
        writer.Skip(Size - Mebibyte);
        writer.Complete();
        return stream.ToArray();
    }

    private static VirtualDisk Open(byte[] image) => VirtualDisk.Open(new MemoryStream(image));

    private static void AssertRefused(byte[] image, Defect defect, string word)
    {
        var exception = Assert.Throws<InvalidInputException>(() => Open(image));
        Assert.Equal(defect, exception.Defect);
        Assert.Contains(word, exception.Message, StringComparison.Ordinal);
    }
}

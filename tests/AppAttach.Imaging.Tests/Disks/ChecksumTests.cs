using AppAttach.Imaging.Disks;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Tests.Disks;

public class ChecksumTests
{
    private static byte[] Digits => "123456789"u8.ToArray();

    [Fact]
    public void Digits_HaveThePublishedCheckValues()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute(Digits));
        Assert.Equal(0xCBF43926u, Crc32.Append(0, Digits));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(12)]
    public void ZeroedField_CountsAsZero(int offset)
    {
        var bytes = DiskFixtures.Noise(1, 37);
        var zeroed = bytes.ToArray();
        zeroed.AsSpan(offset, 4).Clear();

        Assert.Equal(Crc32C.Compute(zeroed), Crc32C.Compute(bytes, offset));
        Assert.Equal(Crc32.Append(0, zeroed), Crc32.OfStructure(bytes, offset));
        Assert.NotEqual(Crc32C.Compute(bytes), Crc32C.Compute(bytes, offset));
    }
}

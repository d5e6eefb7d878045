using System.Security.Cryptography;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Tests.IO;

public sealed class Sha256LanesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(65536)]
    public void SixteenMessages_HaveTheHashesTheFrameworkComputes(int lengthBytes)
    {
        // Messages that overlap, lie out of order and stand on no boundary.
        var buffer = RandomBytes(lengthBytes + 4096);
        var offsets = Enumerable.Range(0, Sha256Lanes.Count).Select(lane => lane * 1237 % 4096).ToArray();
        var hashes = new byte[Sha256Lanes.Count * Sha256Lanes.HashBytes];
        if (!Sha256Lanes.IsSupported)
        {
            Assert.Throws<PlatformNotSupportedException>(() => new Sha256Lanes().Hash(buffer, offsets, lengthBytes, hashes));
            return;
        }

        new Sha256Lanes().Hash(buffer, offsets, lengthBytes, hashes);

        Assert.Equal(offsets.SelectMany(offset => SHA256.HashData(buffer.AsSpan(offset, lengthBytes))), hashes);
    }

    [Fact]
    public void MessageThatDoesNotLieInTheBuffer_IsRefused()
    {
        var offsets = Enumerable.Repeat(0, Sha256Lanes.Count).ToArray();
        offsets[7] = 65;

        Assert.Throws<ArgumentOutOfRangeException>(() => new Sha256Lanes().Hash(new byte[128], offsets, 64, new byte[Sha256Lanes.Count * Sha256Lanes.HashBytes]));
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}

using System.IO.Compression;
using System.Text;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

public sealed class DeflateDecoderTests
{
    private const int BlockBytes = 65536;

    private readonly DeflateDecoder _decoder = new();

    public static TheoryData<string, CompressionLevel> Contents => new MatrixTheoryData<string, CompressionLevel>(
        ["zeros", "text", "halves", "noise", "periods", "skewed", "few"],
        [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize]);

    [Theory]
    [MemberData(nameof(Contents))]
    public void WhatTheFrameworkDeflates_ComesBack(string kind, CompressionLevel level)
    {
        foreach (var size in (int[])[0, 1, 2, 3, 7, 8, 15, 16, 100, 257, 258, 259, 276, 277, 278, 1000, 4096, 65535, BlockBytes])
        {
            var content = Make(kind, size);
            var output = new byte[size];
            Assert.True(_decoder.TryDecode(Deflate(content, level, endsStream: true), output, endsStream: true), $"{kind}, {size} bytes, whole stream");
            Assert.Equal(content, output);
            if (size > 0)
            {
                output.AsSpan().Clear();
                Assert.True(_decoder.TryDecode(Deflate(content, level, endsStream: false), output, endsStream: false), $"{kind}, {size} bytes, flushed");
                Assert.Equal(content, output);
            }
        }
    }

    // Distances and lengths of every kind, near the edges of what the fast loop may write.
    [Fact]
    public void EveryDistance_IsCopied()
    {
        foreach (var distance in Enumerable.Range(1, 40).Concat([63, 64, 65, 1000, 32767, 32768]))
        {
            var content = Make("noise", distance + 5000);
            for (var index = distance; index < content.Length; index++)
            {
                content[index] = content[index - distance];
            }

            var output = new byte[content.Length];
            Assert.True(_decoder.TryDecode(Deflate(content, CompressionLevel.SmallestSize, endsStream: true), output, endsStream: true));
            Assert.Equal(content, output);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OtherSizeOrOtherEnd_IsNotTaken(bool endsStream)
    {
        var content = Make("text", 5000);
        var deflated = Deflate(content, CompressionLevel.Optimal, endsStream);
        Assert.False(_decoder.TryDecode(deflated, new byte[content.Length - 1], endsStream));
        Assert.False(_decoder.TryDecode(deflated, new byte[content.Length + 1], endsStream));
        Assert.False(_decoder.TryDecode(deflated, new byte[content.Length], !endsStream));
        Assert.False(_decoder.TryDecode([.. deflated, 0xFF], new byte[content.Length], endsStream));
    }

    [Fact]
    public void BlockThatLeansOnAnother_IsNotTaken()
    {
        var (first, second) = (Make("noise", 20_000), Make("noise", 20_000));
        using var packed = new MemoryStream();
        var start = 0;
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(first);
            deflate.Flush();
            start = (int)packed.Length;
            deflate.Write(second);
            deflate.Flush();
            Assert.False(_decoder.TryDecode(packed.ToArray().AsSpan(start), new byte[second.Length], endsStream: false));
        }
    }

    // The framework's decoder has the last word, so what is taken here must be what it says too.
    [Fact]
    public void BrokenInput_IsTakenOnlyAsTheFrameworkTakesIt()
    {
        var random = new Random(20_000);
        using var source = new CompressedBlockStream();
        var taken = 0;
        foreach (var kind in (string[])["text", "halves", "periods", "skewed", "few"])
        {
            var content = Make(kind, 3000);
            var deflated = Deflate(content, CompressionLevel.Optimal, endsStream: false);
            for (var round = 0; round < 4000; round++)
            {
                var broken = Break(deflated, random);
                var output = new byte[content.Length];
                if (_decoder.TryDecode(broken, output, endsStream: false))
                {
                    taken++;
                    Assert.Equal(Inflate(source, broken, content.Length), output);
                }
            }
        }

        // A flipped bit of a literal is right for a decoder; only the hash tells.
        Assert.InRange(taken, 100, 19_000);
    }

    private static byte[] Break(byte[] deflated, Random random)
    {
        var broken = (byte[])deflated.Clone();
        for (var flips = random.Next(1, 4); flips > 0; flips--)
        {
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(10) == 0 ? broken[..random.Next(broken.Length)] : broken;
    }

    private static byte[] Inflate(CompressedBlockStream source, byte[] deflated, int size)
    {
        source.Reset(default, deflated);
        using var inflater = new DeflateStream(source, CompressionMode.Decompress, leaveOpen: true);
        var output = new byte[size];
        inflater.ReadExactly(output);
        Assert.Equal(-1, inflater.ReadByte());
        return output;
    }

    private static byte[] Deflate(byte[] content, CompressionLevel level, bool endsStream)
    {
        using var output = new MemoryStream();
        using (var deflate = new DeflateStream(output, level, leaveOpen: true))
        {
            deflate.Write(content);
            deflate.Flush();
            if (!endsStream)
            {
                return output.ToArray();
            }
        }

        return output.Length > 0 ? output.ToArray() : [0x03, 0x00];
    }

    private static byte[] Make(string kind, int size)
    {
        var content = new byte[size];
        var random = new Random(size);
        switch (kind)
        {
            case "zeros":
                break;
            case "text":
                for (var index = 0; index < size;)
                {
                    var word = Encoding.ASCII.GetBytes($"{random.Next(500)} of the package ");
                    word.AsSpan(0, Math.Min(word.Length, size - index)).CopyTo(content.AsSpan(index));
                    index += word.Length;
                }

                break;
            case "halves":
                content = PackageBuilder.Content(size, size);
                break;
            case "noise":
                random.NextBytes(content);
                break;
            case "periods":
                for (var index = 0; index < size; index++)
                {
                    content[index] = (byte)(index % (1 + (index / 700)));
                }

                break;
            case "skewed":
                // Codes of many widths, the longest of which take a second look.
                for (var index = 0; index < size; index++)
                {
                    content[index] = (byte)Math.Min(255, -Math.Log2(1 - random.NextDouble()) * 14);
                }

                break;
            default:
                for (var index = 0; index < size; index++)
                {
                    content[index] = (byte)(random.Next(40) == 0 ? 'b' : 'a');
                }

                break;
        }

        return content;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace AppAttach.Embedded.Demo;

/// <summary>A square picture in PNG (W3C "PNG Specification", sections 5 and 11): 8-bit grey, light on the diagonal.</summary>
internal static class SampleLogo
{
    private const byte Paper = 0x30;
    private const byte Ink = 0xE0;

    /// <summary>The picture.</summary>
    /// <param name="sidePixels">Width and height.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Build(int sidePixels)
    {
        using var file = new MemoryStream();
        file.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, sidePixels);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), sidePixels);
        header[8] = 8; // bits a sample; colour type, compression, filter and interlace are 0
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Pixels(sidePixels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Pixels(int sidePixels)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            var row = new byte[1 + sidePixels]; // the first byte of a row is its filter: 0, none
            for (var y = 0; y < sidePixels; y++)
            {
                for (var x = 0; x < sidePixels; x++)
                {
                    row[1 + x] = Math.Abs(x - y) < sidePixels / 8 ? Ink : Paper;
                }

                zlib.Write(row);
            }
        }

        return packed.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] body = [.. type, .. content];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
        file.Write(number);
    }

    /// <summary>CRC-32 of ISO 3309, bit by bit: the picture is small.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// CRC-32C (Castagnoli): reflected polynomial 0x82F63B78, start value and final exclusive-or 0xFFFFFFFF. The checksum of VHDX
/// headers and region tables ([MS-VHDX] 2.2.2, 2.2.3).
/// </summary>
internal static class Crc32C
{
    private const uint Initial = 0xFFFFFFFF;

    /// <summary>The checksum of some bytes, of which four may count as zero.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="zeroedOffset">Where four bytes count as zero, as the field that holds the checksum does; -1 for nowhere. A multiple of 4.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes, int zeroedOffset = -1)
    {
        var crc = Initial;
        if (zeroedOffset >= 0)
        {
            crc = Update(crc, bytes[..zeroedOffset]);
            crc = BitOperations.Crc32C(crc, 0u);
            bytes = bytes[(zeroedOffset + sizeof(uint))..];
        }

        return ~Update(crc, bytes);
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}

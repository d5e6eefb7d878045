using System.Buffers.Binary;

namespace AppAttach.Imaging.IO;

/// <summary>CRC-32 of ZIP (APPNOTE.TXT 4.4.7) and GPT (UEFI specification, 5.3.2), reflected polynomial 0xEDB88320. Eight bytes a step, by one table for each.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;
    private const int TableSize = 256;

    private static readonly uint[] Table = MakeTable();

    /// <summary>Continues a checksum; start with 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        var crc = ~checksum;
        while (bytes.Length >= Slices)
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]);
            crc = table[(7 * TableSize) + (byte)low] ^ table[(6 * TableSize) + (byte)(low >> 8)] ^
                table[(5 * TableSize) + (byte)(low >> 16)] ^ table[(4 * TableSize) + (low >> 24)] ^
                table[(3 * TableSize) + (byte)high] ^ table[(2 * TableSize) + (byte)(high >> 8)] ^
                table[TableSize + (byte)(high >> 16)] ^ table[high >> 24];
            bytes = bytes[Slices..];
        }

        foreach (var value in bytes)
        {
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    /// <summary>The checksum of a structure that holds it: its own field counts as zero.</summary>
    /// <param name="structure">The structure's bytes.</param>
    /// <param name="fieldOffset">Where the checksum stands in it.</param>
    /// <returns>The checksum.</returns>
    public static uint OfStructure(ReadOnlySpan<byte> structure, int fieldOffset)
    {
        var before = Append(0, structure[..fieldOffset]);
        return Append(Append(before, stackalloc byte[sizeof(uint)]), structure[(fieldOffset + sizeof(uint))..]);
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Slices * TableSize];
        for (uint index = 0; index < TableSize; index++)
        {
            var crc = index;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[index] = crc;
        }

        for (var index = TableSize; index < table.Length; index++)
        {
            var previous = table[index - TableSize];
            table[index] = table[(byte)previous] ^ (previous >> 8);
        }

        return table;
    }
}

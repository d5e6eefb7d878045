namespace AppAttach.Imaging.Disks;

/// <summary>
/// CRC-32 as in ZIP and UEFI: reflected polynomial 0xEDB88320, start value and final exclusive-or 0xFFFFFFFF. The checksum of GPT
/// headers and tables (UEFI specification, 5.3.2). They are 16 KiB a disk, so one table of 256 values is fast enough.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of some bytes, of which four may count as zero.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="zeroedOffset">Where four bytes count as zero, as the field that holds the checksum does; -1 for nowhere.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes, int zeroedOffset = -1)
    {
        var crc = 0xFFFFFFFFu;
        for (var i = 0; i < bytes.Length; i++)
        {
            var isZeroed = zeroedOffset >= 0 && i >= zeroedOffset && i < zeroedOffset + sizeof(uint);
            crc = (crc >> 8) ^ Table[(byte)crc ^ (isZeroed ? 0 : bytes[i])];
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * Polynomial);
            }

            table[i] = value;
        }

        return table;
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>The checksum of VHD footers and dynamic headers: one's complement of the sum of all bytes but its own four.</summary>
internal static class VhdChecksum
{
    /// <summary>Whether the big-endian checksum at an offset is that of the structure.</summary>
    public static bool IsRight(ReadOnlySpan<byte> structure, int checksumOffset) =>
        BinaryPrimitives.ReadUInt32BigEndian(structure[checksumOffset..]) == Compute(structure, checksumOffset);

    /// <summary>Puts the checksum of the structure at an offset in it.</summary>
    public static void Write(Span<byte> structure, int checksumOffset) =>
        BinaryPrimitives.WriteUInt32BigEndian(structure[checksumOffset..], Compute(structure, checksumOffset));

    private static uint Compute(ReadOnlySpan<byte> structure, int checksumOffset)
    {
        var sum = 0u;
        for (var i = 0; i < structure.Length; i++)
        {
            sum += i >= checksumOffset && i < checksumOffset + sizeof(uint) ? 0u : structure[i];
        }

        return ~sum;
    }
}

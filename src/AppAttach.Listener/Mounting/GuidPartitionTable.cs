// GUID partition table, as far as a mounter needs it: where the data partition begins and ends.
// UEFI specification 2.10, section 5.3.2 (header, at logical block 1) and 5.3.3 (entries). Little-endian.
//
// header  offset size field                         entry  offset size field
//              0    8 signature "EFI PART"                      0   16 partition type
//             72    8 first block of the entries               32    8 first block
//             80    4 number of entries                        40    8 last block, inclusive
//             84    4 size of an entry
using System.Buffers.Binary;

namespace AppAttach.Listener.Mounting;

/// <summary>Finds the data partition of a disk.</summary>
internal static class GuidPartitionTable
{
    private const int HeaderSize = 92;
    private const int EntriesBlockOffset = 72;
    private const int EntryCountOffset = 80;
    private const int EntrySizeOffset = 84;
    private const int EntryFirstBlockOffset = 32;
    private const int EntryLastBlockOffset = 40;
    private const int SmallestEntrySize = 128;
    private const int EntrySizeLimit = 4096;
    private const int EntryCountLimit = 1024;

    private static readonly int[] BlockSizes = [512, 4096];

    // Microsoft's "basic data" partition.
    private static readonly Guid BasicData = new("EBD0A0A2-B9E5-4433-87C0-68B6B72699C7");

    private static ReadOnlySpan<byte> Signature => "EFI PART"u8;

    /// <summary>The first basic data partition.</summary>
    /// <param name="disk">The whole disk, seekable.</param>
    /// <returns>Its offset and length in bytes, both inside the disk; null when there is no table or no such partition.</returns>
    public static (long OffsetBytes, long LengthBytes)? FindDataPartition(Stream disk)
    {
        foreach (var blockSize in BlockSizes)
        {
            var header = new byte[HeaderSize];
            if (TryRead(disk, blockSize, header) && header.AsSpan().StartsWith(Signature))
            {
                return FindDataPartition(disk, header, blockSize);
            }
        }

        return null;
    }

    private static (long OffsetBytes, long LengthBytes)? FindDataPartition(Stream disk, byte[] header, int blockSize)
    {
        var entriesBlock = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(EntriesBlockOffset));
        var count = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(EntryCountOffset)), EntryCountLimit);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(EntrySizeOffset));
        var blocks = (ulong)(disk.Length / blockSize);
        if (size is < SmallestEntrySize or > EntrySizeLimit || entriesBlock >= blocks)
        {
            return null;
        }

        var entry = new byte[size];
        for (var i = 0; i < count && TryRead(disk, ((long)entriesBlock * blockSize) + (i * (long)size), entry); i++)
        {
            var first = BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(EntryFirstBlockOffset));
            var last = BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(EntryLastBlockOffset));
            if (new Guid(entry.AsSpan(0, 16)) == BasicData && first <= last && last < blocks)
            {
                return ((long)first * blockSize, (long)(last - first + 1) * blockSize);
            }
        }

        return null;
    }

    private static bool TryRead(Stream disk, long offset, byte[] target)
    {
        if (offset + target.Length > disk.Length)
        {
            return false;
        }

        disk.Position = offset;
        disk.ReadExactly(target);
        return true;
    }
}

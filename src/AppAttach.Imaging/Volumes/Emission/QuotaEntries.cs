using System.Buffers.Binary;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Volumes.Emission;

// Entries of $Extend\$Quota's view indexes. Source: image-format notes 4.14. Data of an entry of $Q, whose key is an owner id:
//
// offset size field               value we write, and why
//      0    4 version             2
//      4    4 flags               1: the default limits
//      8    8 bytes used          0
//     16    8 last change         FILETIME
//     24    8 warning threshold   -1: none
//     32    8 limit               -1: none
//     40    8 time over the limit 0
//     48      SID                 not in the entry for owner 1, which holds the defaults
//
// $O turns a SID into an owner id: data 4 bytes, then u32 32 as padding.

/// <summary>The entries that every NTFS 3.x volume has about quotas, although nothing is limited.</summary>
internal sealed class QuotaEntries : IIndexEntries
{
    private const uint DefaultsOwnerId = 1;
    private const uint AdministratorsOwnerId = 0x100;
    private const int KeySize = sizeof(uint);
    private const int DataOffset = IndexEntry.Size + KeySize;
    private const int DataSize = 48;
    private const int VersionOffset = 0;
    private const int FlagsOffset = 4;
    private const int ChangedOffset = 16;
    private const int ThresholdOffset = 24;
    private const int LimitOffset = 32;
    private const uint Version = 2;
    private const uint DefaultLimitsFlag = 1;
    private const uint OwnerPadding = 32;

    private readonly byte[][] _entries;

    private QuotaEntries(params byte[][] entries) => _entries = entries;

    /// <summary>No entries.</summary>
    public static QuotaEntries None { get; } = new();

    /// <summary>Owners by SID: administrators.</summary>
    public static QuotaEntries Owners { get; } = new(MakeOwner(SecurityIdentifier.Administrators, AdministratorsOwnerId));

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Length;

    /// <summary>Limits by owner: the defaults, and administrators'.</summary>
    /// <param name="fileTime">When they were changed.</param>
    public static QuotaEntries Limits(long fileTime) =>
        new(MakeLimit(DefaultsOwnerId, fileTime, null), MakeLimit(AdministratorsOwnerId, fileTime, SecurityIdentifier.Administrators));

    /// <inheritdoc/>
    public int Write(int entry, bool hasChild, Span<byte> target)
    {
        _entries[entry].CopyTo(target);
        return _entries[entry].Length;
    }

    private static byte[] MakeOwner(SecurityIdentifier owner, uint ownerId)
    {
        var dataOffset = IndexEntry.Size + owner.SizeBytes;
        var entry = new byte[dataOffset + sizeof(uint) + sizeof(uint)];
        new IndexEntry(IndexEntry.ViewHead(dataOffset, sizeof(uint)), (ushort)entry.Length, (ushort)owner.SizeBytes, HasChild: false, IsLast: false)
            .Write(entry);
        owner.Write(entry.AsSpan(IndexEntry.Size));
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(dataOffset), ownerId);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(dataOffset + sizeof(uint)), OwnerPadding);
        return entry;
    }

    private static byte[] MakeLimit(uint ownerId, long fileTime, SecurityIdentifier? owner)
    {
        var dataSize = DataSize + (owner?.SizeBytes ?? 0);
        var length = (DataOffset + dataSize + IndexEntry.Alignment - 1) & -IndexEntry.Alignment;
        var entry = new byte[length];
        new IndexEntry(IndexEntry.ViewHead(DataOffset, dataSize), (ushort)length, KeySize, HasChild: false, IsLast: false).Write(entry);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(IndexEntry.Size), ownerId);
        var data = entry.AsSpan(DataOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(data[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(data[FlagsOffset..], DefaultLimitsFlag);
        BinaryPrimitives.WriteInt64LittleEndian(data[ChangedOffset..], fileTime);
        BinaryPrimitives.WriteInt64LittleEndian(data[ThresholdOffset..], -1);
        BinaryPrimitives.WriteInt64LittleEndian(data[LimitOffset..], -1);
        owner?.Write(data[DataSize..]);
        return entry;
    }
}

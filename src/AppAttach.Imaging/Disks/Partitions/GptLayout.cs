using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// A disk with one partition and a GUID partition table (UEFI specification, chapter 5). S is the disk's number of sectors.
/// <code>
/// LBA               content
/// 0                 protective MBR
/// 1                 header
/// 2 .. 33           entries
/// 34 .. 2047        zero
/// 2048 ..           the partition, so that it starts at 1 MiB
/// S-33 .. S-2       entries again
/// S-1               backup header
/// </code>
/// </summary>
internal sealed class GptLayout
{
    /// <summary>Where the partition starts, in sectors: the boot sector's "hidden sectors".</summary>
    public const int PartitionFirstLba = 2048;

    /// <summary>Where the partition starts, in bytes; also the length of <see cref="MakeHead"/>.</summary>
    public const long PartitionOffsetBytes = PartitionFirstLba * DiskUnits.SectorSizeBytes;

    /// <summary>Bytes at the end of the disk that belong to the table.</summary>
    public const int BackupLengthBytes = (TableSectors + 1) * DiskUnits.SectorSizeBytes;

    /// <summary>Bytes at the start of the disk that belong to the table; zeros follow up to the partition.</summary>
    public const int PrimaryLengthBytes = (TableSectors + 2) * DiskUnits.SectorSizeBytes;

    private const int EntryCount = 128;
    private const int TableSectors = EntryCount * GptEntry.Size / DiskUnits.SectorSizeBytes;
    private const int TableLba = 2;
    private const string PartitionName = "Basic data partition";

    private readonly Guid _diskGuid;
    private readonly Guid _partitionGuid;

    /// <summary>Lays a disk out.</summary>
    /// <param name="partitionLengthBytes">Length of the partition: a multiple of 512 bytes, at least 512.</param>
    /// <param name="diskSizeBytes">Size of the disk: a multiple of 512 bytes, and at least what <see cref="MinimumDiskSize"/> says.</param>
    /// <param name="diskGuid">Identity of the disk.</param>
    /// <param name="partitionGuid">Identity of the partition.</param>
    public GptLayout(long partitionLengthBytes, long diskSizeBytes, Guid diskGuid, Guid partitionGuid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitionLengthBytes, DiskUnits.SectorSizeBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(partitionLengthBytes % DiskUnits.SectorSizeBytes, 0, nameof(partitionLengthBytes));
        ArgumentOutOfRangeException.ThrowIfLessThan(diskSizeBytes, MinimumDiskSize(partitionLengthBytes));
        ArgumentOutOfRangeException.ThrowIfNotEqual(diskSizeBytes % DiskUnits.SectorSizeBytes, 0, nameof(diskSizeBytes));
        ArgumentOutOfRangeException.ThrowIfEqual(diskGuid, Guid.Empty);
        ArgumentOutOfRangeException.ThrowIfEqual(partitionGuid, Guid.Empty);
        PartitionLengthBytes = partitionLengthBytes;
        DiskSizeBytes = diskSizeBytes;
        _diskGuid = diskGuid;
        _partitionGuid = partitionGuid;
    }

    /// <summary>Length of the partition.</summary>
    public long PartitionLengthBytes { get; }

    /// <summary>Size of the disk.</summary>
    public long DiskSizeBytes { get; }

    /// <summary>Where the partition ends and <see cref="MakeTail"/> begins.</summary>
    public long TailOffsetBytes => PartitionOffsetBytes + PartitionLengthBytes;

    private ulong Sectors => (ulong)(DiskSizeBytes / DiskUnits.SectorSizeBytes);

    /// <summary>Size of the smallest disk that holds a partition and both tables.</summary>
    /// <exception cref="OverflowException">There is no such disk.</exception>
    public static long MinimumDiskSize(long partitionLengthBytes) =>
        checked(PartitionOffsetBytes + partitionLengthBytes + BackupLengthBytes);

    /// <summary>The bytes before the partition.</summary>
    public byte[] MakeHead()
    {
        var head = new byte[PartitionOffsetBytes];
        new ProtectiveMbr((uint)Math.Min(Sectors - 1, uint.MaxValue)).Write(head);
        var table = head.AsSpan(TableLba * DiskUnits.SectorSizeBytes, EntryCount * GptEntry.Size);
        WriteTable(table);
        MakeHeader(ownLba: GptHeader.PrimaryLba, otherLba: Sectors - 1, TableLba, table)
            .Write(head.AsSpan((int)GptHeader.PrimaryLba * DiskUnits.SectorSizeBytes));
        return head;
    }

    /// <summary>The bytes behind the partition, to the disk's end.</summary>
    public byte[] MakeTail()
    {
        var tail = new byte[DiskSizeBytes - TailOffsetBytes];
        var backup = tail.AsSpan(tail.Length - BackupLengthBytes);
        var table = backup[..(EntryCount * GptEntry.Size)];
        WriteTable(table);
        MakeHeader(ownLba: Sectors - 1, otherLba: GptHeader.PrimaryLba, Sectors - 1 - TableSectors, table)
            .Write(backup[(TableSectors * DiskUnits.SectorSizeBytes)..]);
        return tail;
    }

    private void WriteTable(Span<byte> table) => new GptEntry(
        GptEntry.BasicData,
        _partitionGuid,
        PartitionFirstLba,
        PartitionFirstLba + ((ulong)PartitionLengthBytes / DiskUnits.SectorSizeBytes) - 1,
        Attributes: 0,
        PartitionName).Write(table);

    private GptHeader MakeHeader(ulong ownLba, ulong otherLba, ulong tableLba, ReadOnlySpan<byte> table) => new(
        ownLba,
        otherLba,
        FirstUsableLba: TableLba + TableSectors,
        LastUsableLba: Sectors - TableSectors - 2,
        _diskGuid,
        tableLba,
        EntryCount,
        GptEntry.Size,
        Crc32.Append(0, table));
}

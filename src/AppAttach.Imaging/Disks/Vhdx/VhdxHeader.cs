using System.Buffers.Binary;

namespace AppAttach.Imaging.Disks;

/// <summary>
/// One of the two headers of a VHDX file ([MS-VHDX] 2.2.2). The valid one with the larger sequence number is current.
/// <code>
/// off  size  field            value we write
/// 0    4     signature        "head"
/// 4    4     checksum         CRC-32C of the 4096 bytes with this field zero
/// 8    8     sequence number  1 and 2
/// 16   16    FileWriteGuid    from outside, not zero
/// 32   16    DataWriteGuid    from outside, not zero
/// 48   16    LogGuid          zero: the log is empty, nothing to replay
/// 64   2     log version      0
/// 66   2     version          1
/// 68   4     log length       1 MiB
/// 72   8     log offset       1 MiB
/// 80   4016  reserved         zero
/// </code>
/// </summary>
/// <param name="SequenceNumber">Counts the updates of the header.</param>
/// <param name="FileWriteGuid">Changes whenever anything in the file does.</param>
/// <param name="DataWriteGuid">Changes whenever the virtual disk's content does.</param>
/// <param name="LogGuid">Which log entries are to be replayed; zero for none.</param>
/// <param name="LogVersion">0.</param>
/// <param name="Version">1.</param>
/// <param name="LogLength">Bytes of the log, a multiple of 1 MiB.</param>
/// <param name="LogOffset">Where the log stands, a multiple of 1 MiB.</param>
internal readonly record struct VhdxHeader(
    ulong SequenceNumber,
    Guid FileWriteGuid,
    Guid DataWriteGuid,
    Guid LogGuid,
    ushort LogVersion,
    ushort Version,
    uint LogLength,
    ulong LogOffset)
{
    /// <summary>Bytes in the structure.</summary>
    public const int Size = 4096;

    /// <summary>The only version there is.</summary>
    public const int CurrentVersion = 1;

    private const int ChecksumOffset = 4;
    private const int SequenceNumberOffset = 8;
    private const int FileWriteGuidOffset = 16;
    private const int DataWriteGuidOffset = 32;
    private const int LogGuidOffset = 48;
    private const int LogVersionOffset = 64;
    private const int VersionOffset = 66;
    private const int LogLengthOffset = 68;
    private const int LogOffsetOffset = 72;

    private static ReadOnlySpan<byte> Signature => "head"u8;

    /// <summary>Whether signature and checksum are right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> source) =>
        source.StartsWith(Signature)
        && BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) == Crc32C.Compute(source[..Size], ChecksumOffset);

    /// <summary>Reads the fields, whatever the checksum says.</summary>
    public static VhdxHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(source[SequenceNumberOffset..]),
        new Guid(source.Slice(FileWriteGuidOffset, 16)),
        new Guid(source.Slice(DataWriteGuidOffset, 16)),
        new Guid(source.Slice(LogGuidOffset, 16)),
        BinaryPrimitives.ReadUInt16LittleEndian(source[LogVersionOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(source[VersionOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[LogLengthOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[LogOffsetOffset..]));

    /// <summary>Writes the structure over <see cref="Size"/> bytes, checksum included.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Size];
        destination.Clear();
        Signature.CopyTo(destination);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[SequenceNumberOffset..], SequenceNumber);
        FileWriteGuid.TryWriteBytes(destination[FileWriteGuidOffset..]);
        DataWriteGuid.TryWriteBytes(destination[DataWriteGuidOffset..]);
        LogGuid.TryWriteBytes(destination[LogGuidOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[LogVersionOffset..], LogVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[LogLengthOffset..], LogLength);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[LogOffsetOffset..], LogOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumOffset..], Crc32C.Compute(destination, ChecksumOffset));
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Restart page of $LogFile, 4096 bytes, at 0 and 4096 of it. Source: image-format notes 4.11.
//
// offset size field                            value we write, and why
//      0    4 "RSTR"
//      4    2 offset of the update sequence    0x1E
//      6    2 count of the update sequence     9
//      8    8 check disk's sequence number     0
//     16    4 bytes of a system page           4096
//     20    4 bytes of a log page              4096
//     24    2 offset of the restart area       0x30
//     26    2 minor version                    1
//     28    2 major version                    1
//     30   18 update sequence
//
// Restart area, from 0x30:
//      0    8 current log sequence number      0
//      8    2 clients                          1
//     10    2 first free client                FFFF: none
//     12    2 first client in use              0: what Windows leaves after a clean dismount
//     14    2 flags                            2: clean
//     16    4 bits of the sequence             67 - bit length of the log's size
//     20    2 bytes of the restart area        0xE0
//     22    2 offset of the client array       0x40
//     24    8 bytes of the log
//     32    4 bytes of the last record's data  0
//     36    2 bytes of a record's header       0x30
//     38    2 offset of data in a log page     0x40
//     40    4 open count                       0
//
// Client record, at 0x40 of the area, 160 bytes:
//      0    8 oldest log sequence number       0
//      8    8 restart log sequence number      0
//     16    2 previous client                  FFFF
//     18    2 next client                      FFFF
//     20    2 sequence number                  0
//     28    4 bytes of the name                8
//     32      name                             "NTFS"

/// <summary>A restart page of the log: says how large the log is and whether the volume was left clean.</summary>
/// <param name="LogSizeBytes">Bytes of the log.</param>
/// <param name="FirstClientInUse">First client in use; 0 after a clean dismount, FFFF when the log was closed.</param>
/// <param name="Flags">State; <see cref="CleanFlag"/> is the one of interest.</param>
internal readonly record struct LogRestartPage(long LogSizeBytes, ushort FirstClientInUse, ushort Flags)
{
    /// <summary>Bytes of the page.</summary>
    public const int Size = 4096;

    /// <summary>The bit of <see cref="Flags"/> that says the volume was left clean.</summary>
    public const ushort CleanFlag = 2;

    /// <summary>The client index that says there is none.</summary>
    public const ushort NoClient = 0xFFFF;

    private const string Structure = "log restart page";
    private const int SignatureOffset = 0;
    private const int UpdateSequenceOffsetOffset = 4;
    private const int UpdateSequenceCountOffset = 6;
    private const int SystemPageSizeOffset = 16;
    private const int LogPageSizeOffset = 20;
    private const int RestartAreaOffsetOffset = 24;
    private const int MinorVersionOffset = 26;
    private const int MajorVersionOffset = 28;
    private const int UpdateSequencePosition = 0x1E;
    private const int RestartAreaPosition = 0x30;

    private const int ClientCountOffset = 8;
    private const int FreeClientOffset = 10;
    private const int FirstClientInUseOffset = 12;
    private const int FlagsOffset = 14;
    private const int SequenceBitsOffset = 16;
    private const int RestartAreaLengthOffset = 20;
    private const int ClientArrayOffsetOffset = 22;
    private const int LogSizeOffset = 24;
    private const int RecordHeaderSizeOffset = 36;
    private const int LogPageDataOffsetOffset = 38;
    private const int RestartAreaFixedSize = 44;
    private const int ClientArrayPosition = 0x40;
    private const int ClientRecordSize = 160;

    private const int PreviousClientOffset = 16;
    private const int NextClientOffset = 18;
    private const int ClientNameLengthOffset = 28;
    private const int ClientNameOffset = 32;

    private const ushort RecordHeaderSize = 0x30;
    private const ushort LogPageDataOffset = 0x40;
    private const int SequenceBitsBase = 67;
    private const string ClientName = "NTFS";

    private static ReadOnlySpan<byte> Signature => "RSTR"u8;

    /// <summary>Whether the volume was left clean: nothing in the log waits to be replayed.</summary>
    public bool IsClean => FirstClientInUse == NoClient || (Flags & CleanFlag) != 0;

    /// <summary>The page of a clean volume.</summary>
    public static LogRestartPage Clean(long logSizeBytes) => new(logSizeBytes, 0, CleanFlag);

    /// <summary>Reads a page whose update sequence has been taken out (<see cref="UpdateSequence.Remove"/>).</summary>
    /// <exception cref="InvalidInputException">It is no restart page, or its restart area lies outside it.</exception>
    public static LogRestartPage Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, RestartAreaPosition, Structure);
        if (!source.Slice(SignatureOffset, Signature.Length).SequenceEqual(Signature))
        {
            throw CorruptVolume.Because(Structure, "does not begin with RSTR");
        }

        var areaOffset = BinaryPrimitives.ReadUInt16LittleEndian(source[RestartAreaOffsetOffset..]);
        if (areaOffset < UpdateSequencePosition || areaOffset > source.Length - RestartAreaFixedSize)
        {
            throw CorruptVolume.Because(Structure, $"puts its restart area at {areaOffset} of {source.Length} bytes");
        }

        var area = source[areaOffset..];
        return new LogRestartPage(
            BinaryPrimitives.ReadInt64LittleEndian(area[LogSizeOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(area[FirstClientInUseOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(area[FlagsOffset..]));
    }

    /// <summary>Writes all 4096 bytes, the update sequence included.</summary>
    public void Write(Span<byte> target)
    {
        target = target[..Size];
        target.Clear();
        Signature.CopyTo(target[SignatureOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[UpdateSequenceOffsetOffset..], UpdateSequencePosition);
        BinaryPrimitives.WriteUInt16LittleEndian(target[UpdateSequenceCountOffset..], UpdateSequence.CountFor(Size));
        BinaryPrimitives.WriteUInt32LittleEndian(target[SystemPageSizeOffset..], Size);
        BinaryPrimitives.WriteUInt32LittleEndian(target[LogPageSizeOffset..], Size);
        BinaryPrimitives.WriteUInt16LittleEndian(target[RestartAreaOffsetOffset..], RestartAreaPosition);
        BinaryPrimitives.WriteUInt16LittleEndian(target[MinorVersionOffset..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(target[MajorVersionOffset..], 1);

        var area = target[RestartAreaPosition..];
        BinaryPrimitives.WriteUInt16LittleEndian(area[ClientCountOffset..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(area[FreeClientOffset..], NoClient);
        BinaryPrimitives.WriteUInt16LittleEndian(area[FirstClientInUseOffset..], FirstClientInUse);
        BinaryPrimitives.WriteUInt16LittleEndian(area[FlagsOffset..], Flags);
        var sequenceBits = SequenceBitsBase - (BitOperations.Log2((ulong)LogSizeBytes) + 1);
        BinaryPrimitives.WriteInt32LittleEndian(area[SequenceBitsOffset..], sequenceBits);
        BinaryPrimitives.WriteUInt16LittleEndian(area[RestartAreaLengthOffset..], ClientArrayPosition + ClientRecordSize);
        BinaryPrimitives.WriteUInt16LittleEndian(area[ClientArrayOffsetOffset..], ClientArrayPosition);
        BinaryPrimitives.WriteInt64LittleEndian(area[LogSizeOffset..], LogSizeBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(area[RecordHeaderSizeOffset..], RecordHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(area[LogPageDataOffsetOffset..], LogPageDataOffset);

        var client = area[ClientArrayPosition..];
        BinaryPrimitives.WriteUInt16LittleEndian(client[PreviousClientOffset..], NoClient);
        BinaryPrimitives.WriteUInt16LittleEndian(client[NextClientOffset..], NoClient);
        BinaryPrimitives.WriteInt32LittleEndian(client[ClientNameLengthOffset..], ClientName.Length * sizeof(char));
        Utf16Name.Write(ClientName, client[ClientNameOffset..]);
        UpdateSequence.Apply(target);
    }
}

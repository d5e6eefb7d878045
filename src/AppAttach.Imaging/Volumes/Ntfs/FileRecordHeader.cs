using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// NTFS file record header. Sources: image-format notes 4.3; libfsntfs documentation, "MFT entry".
//
// offset size field                              value we write, and why
//      0    4 "FILE"
//      4    2 offset of the update sequence      0x30
//      6    2 count of the update sequence       3: the number and one word for each 512 bytes
//      8    8 sequence number of the log         0: nothing is logged
//     16    2 sequence number of the record      the record's number for 1 to 15, else 1; never 0
//     18    2 number of FILE_NAME attributes
//     20    2 offset of the first attribute      0x38
//     22    2 flags
//     24    4 bytes used, with the end mark
//     28    4 bytes of the record                1024
//     32    8 base record                        0: every record is one
//     40    2 next attribute instance            larger than any used
//     42    2 zero
//     44    4 own record number, lower 32 bits
//     48    6 update sequence                    see UpdateSequence

/// <summary>The header of a record of $MFT.</summary>
/// <param name="SequenceNumber">Sequence number that references to this record carry.</param>
/// <param name="LinkCount">Number of FILE_NAME attributes.</param>
/// <param name="FirstAttributeOffset">Offset of the first attribute from the record's start, in bytes.</param>
/// <param name="Flags">What the record is.</param>
/// <param name="BytesUsed">Bytes of the record in use, the end mark included.</param>
/// <param name="BytesAllocated">Bytes of the record.</param>
/// <param name="BaseRecord">The base record, or zero when this is one.</param>
/// <param name="NextAttributeInstance">The number the next attribute would get.</param>
/// <param name="RecordNumber">The record's own number.</param>
internal readonly record struct FileRecordHeader(
    ushort SequenceNumber,
    ushort LinkCount,
    ushort FirstAttributeOffset,
    FileRecordFlags Flags,
    int BytesUsed,
    int BytesAllocated,
    FileReference BaseRecord,
    ushort NextAttributeInstance,
    uint RecordNumber)
{
    /// <summary>Bytes of the header, without the update sequence behind it.</summary>
    public const int Size = 48;

    /// <summary>Bytes of the records we write; the boot sector gives the size to read.</summary>
    public const int RecordSizeBytes = 1024;

    /// <summary>Where the update sequence stands in the records we write.</summary>
    public const int UpdateSequencePosition = Size;

    /// <summary>Where attributes start in the records we write: after the update sequence, on 8 bytes.</summary>
    public const int FirstAttributePosition = 0x38;

    /// <summary>Stands where the next attribute's type would, after the last attribute.</summary>
    public const uint EndMark = 0xFFFF_FFFF;

    /// <summary>Bytes of the end mark with its zero padding, as <see cref="BytesUsed"/> counts it.</summary>
    public const int EndMarkSize = 8;

    private const string Structure = "file record header";
    private const int SignatureOffset = 0;
    private const int UpdateSequenceOffsetOffset = 4;
    private const int UpdateSequenceCountOffset = 6;
    private const int LogSequenceNumberOffset = 8;
    private const int SequenceNumberOffset = 16;
    private const int LinkCountOffset = 18;
    private const int FirstAttributeOffsetOffset = 20;
    private const int FlagsOffset = 22;
    private const int BytesUsedOffset = 24;
    private const int BytesAllocatedOffset = 28;
    private const int BaseRecordOffset = 32;
    private const int NextAttributeInstanceOffset = 40;
    private const int ReservedOffset = 42;
    private const int RecordNumberOffset = 44;

    private static ReadOnlySpan<byte> Signature => "FILE"u8;

    /// <summary>Reads the header of a record whose update sequence has been taken out (<see cref="UpdateSequence.Remove"/>).</summary>
    /// <param name="source">The whole record.</param>
    /// <exception cref="InvalidInputException">It is no file record, or its attributes lie outside it.</exception>
    public static FileRecordHeader Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        if (!source.Slice(SignatureOffset, Signature.Length).SequenceEqual(Signature))
        {
            throw CorruptVolume.Because(Structure, "does not begin with FILE");
        }

        var header = new FileRecordHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(source[SequenceNumberOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[LinkCountOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[FirstAttributeOffsetOffset..]),
            (FileRecordFlags)BinaryPrimitives.ReadUInt16LittleEndian(source[FlagsOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[BytesUsedOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[BytesAllocatedOffset..]),
            FileReference.Read(source[BaseRecordOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[NextAttributeInstanceOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[RecordNumberOffset..]));
        if (header.BytesAllocated != source.Length)
        {
            throw CorruptVolume.Because(Structure, $"says {header.BytesAllocated} bytes; the volume's records have {source.Length}");
        }

        // At least the end mark's four bytes follow the first attribute's place; some writers do not count its padding.
        if (header.BytesUsed > source.Length || header.BytesUsed < Size + sizeof(uint)
            || header.FirstAttributeOffset < Size || header.FirstAttributeOffset > header.BytesUsed - sizeof(uint)
            || header.FirstAttributeOffset % 8 != 0)
        {
            throw CorruptVolume.Because(
                Structure,
                $"puts attributes at {header.FirstAttributeOffset} to {header.BytesUsed} of {source.Length} bytes");
        }

        return header;
    }

    /// <summary>Writes the header; the update sequence follows when the record is complete (<see cref="UpdateSequence.Apply"/>).</summary>
    public void Write(Span<byte> target)
    {
        Signature.CopyTo(target[SignatureOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[UpdateSequenceOffsetOffset..], UpdateSequencePosition);
        BinaryPrimitives.WriteUInt16LittleEndian(target[UpdateSequenceCountOffset..], UpdateSequence.CountFor(BytesAllocated));
        BinaryPrimitives.WriteUInt64LittleEndian(target[LogSequenceNumberOffset..], 0);
        BinaryPrimitives.WriteUInt16LittleEndian(target[SequenceNumberOffset..], SequenceNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(target[LinkCountOffset..], LinkCount);
        BinaryPrimitives.WriteUInt16LittleEndian(target[FirstAttributeOffsetOffset..], FirstAttributeOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(target[FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteInt32LittleEndian(target[BytesUsedOffset..], BytesUsed);
        BinaryPrimitives.WriteInt32LittleEndian(target[BytesAllocatedOffset..], BytesAllocated);
        BaseRecord.Write(target[BaseRecordOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[NextAttributeInstanceOffset..], NextAttributeInstance);
        BinaryPrimitives.WriteUInt16LittleEndian(target[ReservedOffset..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(target[RecordNumberOffset..], RecordNumber);
    }
}

using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Header of an index buffer (INDX block) of INDEX_ALLOCATION. Source: image-format notes 4.8.
//
// offset size field                        value we write, and why
//      0    4 "INDX"
//      4    2 offset of the update sequence 0x28, behind IndexNodeHeader
//      6    2 count of the update sequence  9
//      8    8 sequence number of the log   0: nothing is logged
//     16    8 own virtual cluster number   in clusters; in units of 512 bytes where a cluster is larger than a block
//     24   16 IndexNodeHeader              its entries start at 0x28 from here, offset 64
//     40   18 update sequence
//     64      entries

/// <summary>Header of an index buffer.</summary>
/// <param name="Vcn">The buffer's own virtual cluster number.</param>
internal readonly record struct IndexBuffer(long Vcn)
{
    /// <summary>Bytes of this part; <see cref="IndexNodeHeader"/> follows.</summary>
    public const int Size = 24;

    /// <summary>Bytes of the buffers we write; the index root gives the size to read.</summary>
    public const int BlockSizeBytes = 4096;

    /// <summary>Where entries start in the buffers we write, counted from <see cref="IndexNodeHeader"/>.</summary>
    public const int EntriesOffset = 0x28;

    /// <summary>Bytes for entries in the buffers we write, the last one included.</summary>
    public const int EntriesCapacityBytes = BlockSizeBytes - Size - EntriesOffset;

    private const string Structure = "index buffer";
    private const int SignatureOffset = 0;
    private const int UpdateSequenceOffsetOffset = 4;
    private const int UpdateSequenceCountOffset = 6;
    private const int LogSequenceNumberOffset = 8;
    private const int VcnOffset = 16;
    private const int UpdateSequencePosition = Size + IndexNodeHeader.Size;

    private static ReadOnlySpan<byte> Signature => "INDX"u8;

    /// <summary>Reads the header of a buffer whose update sequence has been taken out (<see cref="UpdateSequence.Remove"/>).</summary>
    /// <exception cref="InvalidInputException">It is no index buffer.</exception>
    public static IndexBuffer Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, Structure);
        return source.Slice(SignatureOffset, Signature.Length).SequenceEqual(Signature)
            ? new IndexBuffer(BinaryPrimitives.ReadInt64LittleEndian(source[VcnOffset..]))
            : throw CorruptVolume.Because(Structure, "does not begin with INDX");
    }

    /// <summary>Writes the header; the update sequence follows when the buffer is complete (<see cref="UpdateSequence.Apply"/>).</summary>
    public void Write(Span<byte> target)
    {
        Signature.CopyTo(target[SignatureOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(target[UpdateSequenceOffsetOffset..], UpdateSequencePosition);
        BinaryPrimitives.WriteUInt16LittleEndian(target[UpdateSequenceCountOffset..], UpdateSequence.CountFor(BlockSizeBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(target[LogSequenceNumberOffset..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(target[VcnOffset..], Vcn);
    }
}

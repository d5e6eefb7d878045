using System.Buffers.Binary;

namespace AppAttach.Imaging.Volumes.Ntfs;

// Start of INDEX_ROOT's value; IndexNodeHeader follows. Source: image-format notes 4.8.
//
// offset size field                        value we write, and why
//      0    4 type of the indexed attribute 0x30 FILE_NAME in folders, 0 in view indexes
//      4    4 collation rule               1 for file names
//      8    4 bytes of an index block      4096
//     12    1 clusters of an index block   1; in units of 512 bytes where a cluster is larger than a block
//     13    3 zero

/// <summary>Start of an index root.</summary>
/// <param name="IndexedType">Type of the attribute that is indexed; <see cref="AttributeType.None"/> in view indexes.</param>
/// <param name="Collation">How keys are ordered.</param>
/// <param name="BlockSizeBytes">Bytes of an index block.</param>
/// <param name="ClustersPerBlock">Clusters (or units of 512 bytes) of an index block.</param>
internal readonly record struct IndexRoot(AttributeType IndexedType, CollationRule Collation, int BlockSizeBytes, byte ClustersPerBlock)
{
    /// <summary>Bytes of this part; <see cref="IndexNodeHeader"/> follows.</summary>
    public const int Size = 16;

    private const int IndexedTypeOffset = 0;
    private const int CollationOffset = 4;
    private const int BlockSizeOffset = 8;
    private const int ClustersPerBlockOffset = 12;
    private const int ReservedOffset = 13;

    /// <summary>Reads the start of an index root.</summary>
    public static IndexRoot Read(ReadOnlySpan<byte> source)
    {
        CorruptVolume.RequireSize(source, Size, "index root");
        return new IndexRoot(
            (AttributeType)BinaryPrimitives.ReadInt32LittleEndian(source[IndexedTypeOffset..]),
            (CollationRule)BinaryPrimitives.ReadInt32LittleEndian(source[CollationOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[BlockSizeOffset..]),
            source[ClustersPerBlockOffset]);
    }

    /// <summary>Writes the start of an index root.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target[IndexedTypeOffset..], (int)IndexedType);
        BinaryPrimitives.WriteInt32LittleEndian(target[CollationOffset..], (int)Collation);
        BinaryPrimitives.WriteInt32LittleEndian(target[BlockSizeOffset..], BlockSizeBytes);
        target[ClustersPerBlockOffset] = ClustersPerBlock;
        target[ReservedOffset..Size].Clear();
    }
}

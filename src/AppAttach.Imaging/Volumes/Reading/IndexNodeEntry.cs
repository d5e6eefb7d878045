using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>An entry of an index node.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Bytes">All of its bytes.</param>
internal readonly record struct IndexNodeEntry(IndexEntry Header, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Its key; empty in the last entry of a node.</summary>
    public ReadOnlyMemory<byte> Key => Bytes.Slice(IndexEntry.Size, Header.KeyLengthBytes);

    /// <summary>The block with everything between the entry before and this one, or null in a leaf.</summary>
    public long? Child => Header.HasChild ? Header.ReadChild(Bytes.Span) : null;
}

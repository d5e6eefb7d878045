using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>A node of an index: in INDEX_ROOT or a block of INDEX_ALLOCATION.</summary>
internal sealed class IndexNode
{
    private IndexNode(IndexNodeHeader header, IReadOnlyList<IndexNodeEntry> entries)
    {
        Header = header;
        Entries = entries;
    }

    /// <summary>Its header.</summary>
    public IndexNodeHeader Header { get; }

    /// <summary>Its entries; the last one has no key.</summary>
    public IReadOnlyList<IndexNodeEntry> Entries { get; }

    /// <summary>Takes a node apart.</summary>
    /// <param name="bytes">From the node header to the end of its room.</param>
    /// <exception cref="InvalidInputException">It is broken.</exception>
    public static IndexNode Read(ReadOnlyMemory<byte> bytes)
    {
        var header = IndexNodeHeader.Read(bytes.Span);
        var entries = new List<IndexNodeEntry>();
        var rest = bytes[header.EntriesOffset..header.BytesUsed];
        while (true)
        {
            var entry = IndexEntry.Read(rest.Span);
            if (entry.HasChild != header.HasChildren)
            {
                throw CorruptVolume.Because("index node", $"{(header.HasChildren ? "has" : "has no")} children, and an entry disagrees");
            }

            entries.Add(new IndexNodeEntry(entry, rest[..entry.LengthBytes]));
            rest = rest[entry.LengthBytes..];
            if (entry.IsLast)
            {
                return new IndexNode(header, entries);
            }
        }
    }
}

using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Reading;

/// <summary>Reads an index: the names of a folder (<c>$I30</c>) or a view index of a system file.</summary>
internal sealed class IndexReader
{
    /// <summary>Name of a folder's index.</summary>
    public const string FolderIndexName = "$I30";

    /// <summary>Deepest index that is followed. A node has at least two children, so this is more than any volume can hold.</summary>
    public const int MaximumDepth = 40;

    private const int MaximumBlockSizeBytes = 64 << 10;

    private readonly ByteSource? _blocks;
    private readonly int _vcnSizeBytes;

    /// <summary>Opens an index.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="record">The record that has it.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidInputException">The record has no such index, or it is broken.</exception>
    public IndexReader(VolumeReader volume, FileRecord record, string name)
    {
        var attribute = volume.FindAttribute(record, AttributeType.IndexRoot, name)
            ?? throw CorruptVolume.Because("file record", $"{record.Number} has no index {name}");
        Header = IndexRoot.Read(attribute.Value.Span);
        Root = IndexNode.Read(attribute.Value[IndexRoot.Size..]);
        if (Header.BlockSizeBytes < UpdateSequence.StrideBytes || Header.BlockSizeBytes > MaximumBlockSizeBytes
            || Header.BlockSizeBytes % UpdateSequence.StrideBytes != 0)
        {
            throw CorruptVolume.Because("index root", $"of file record {record.Number} gives blocks of {Header.BlockSizeBytes} bytes");
        }

        _blocks = volume.OpenAttribute(record, AttributeType.IndexAllocation, name);
        if (_blocks is ClusterContent { HasHoles: true })
        {
            // Without this a record of 1 KiB could claim more blocks than any disk has.
            throw CorruptVolume.Because("index", $"of file record {record.Number} has holes among its blocks");
        }

        _vcnSizeBytes = volume.Boot.ClusterSizeBytes <= Header.BlockSizeBytes ? volume.Boot.ClusterSizeBytes : UpdateSequence.StrideBytes;
        BlockCount = _blocks is null ? 0 : (int)Math.Min(_blocks.Length / Header.BlockSizeBytes, int.MaxValue);
    }

    /// <summary>What the root says of the index.</summary>
    public IndexRoot Header { get; }

    /// <summary>The topmost node.</summary>
    public IndexNode Root { get; }

    /// <summary>Blocks that INDEX_ALLOCATION has room for.</summary>
    public int BlockCount { get; }

    /// <summary>Which block, from 0, a virtual cluster number means.</summary>
    /// <exception cref="InvalidInputException">None.</exception>
    public int BlockOfVcn(long vcn)
    {
        var block = vcn < 0 || vcn > long.MaxValue / _vcnSizeBytes ? -1 : vcn * _vcnSizeBytes / Header.BlockSizeBytes;
        return block >= 0 && block < BlockCount && vcn * _vcnSizeBytes % Header.BlockSizeBytes == 0
            ? (int)block
            : throw CorruptVolume.Because("index", $"points to block {vcn}; it has {BlockCount} blocks of {Header.BlockSizeBytes} bytes");
    }

    /// <summary>Reads a block as it stands in the volume.</summary>
    /// <param name="block">Its number, below <see cref="BlockCount"/>.</param>
    /// <param name="bytes">As many as a block has.</param>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public void ReadRawBlock(int block, Span<byte> bytes) => _blocks!.Read((long)block * Header.BlockSizeBytes, bytes);

    /// <summary>Reads a node of INDEX_ALLOCATION.</summary>
    /// <exception cref="InvalidInputException">There is none, or it is broken.</exception>
    public IndexNode ReadBlock(long vcn)
    {
        var bytes = new byte[Header.BlockSizeBytes];
        _blocks!.Read((long)BlockOfVcn(vcn) * bytes.Length, bytes);
        var buffer = IndexBuffer.Read(bytes);
        UpdateSequence.Remove(bytes);
        return buffer.Vcn == vcn
            ? IndexNode.Read(bytes.AsMemory(IndexBuffer.Size))
            : throw CorruptVolume.Because("index buffer", $"at {vcn} says that it is the one at {buffer.Vcn}");
    }

    /// <summary>All entries with a key, in order.</summary>
    /// <exception cref="InvalidInputException">The index is broken; a block that is reached twice counts as broken.</exception>
    public IEnumerable<IndexNodeEntry> Enumerate() => Enumerate(Root, 0, []);

    /// <summary>Looks a name up in a folder's index, without regard to case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="upcase">The volume's upper-case table.</param>
    /// <returns>The entry, or null.</returns>
    /// <exception cref="InvalidInputException">The index is broken.</exception>
    public IndexNodeEntry? FindName(string name, UpcaseTable upcase)
    {
        var node = Root;
        for (var depth = 0; depth < MaximumDepth; depth++)
        {
            var next = node.Entries[^1];
            foreach (var entry in node.Entries)
            {
                if (entry.Header.IsLast)
                {
                    break;
                }

                var difference = upcase.CompareIgnoringCase(name, FileName.Read(entry.Key.Span).ReadName(entry.Key.Span));
                if (difference == 0)
                {
                    return entry;
                }

                if (difference < 0)
                {
                    next = entry;
                    break;
                }
            }

            if (next.Child is not { } child)
            {
                return null;
            }

            node = ReadBlock(child);
        }

        throw TooDeep();
    }

    private static InvalidInputException TooDeep() => CorruptVolume.Because("index", $"is deeper than {MaximumDepth} nodes");

    private IEnumerable<IndexNodeEntry> Enumerate(IndexNode node, int depth, HashSet<int> visited)
    {
        if (depth > MaximumDepth)
        {
            throw TooDeep();
        }

        foreach (var entry in node.Entries)
        {
            if (entry.Child is { } child)
            {
                var block = BlockOfVcn(child);
                if (!visited.Add(block))
                {
                    throw CorruptVolume.Because("index", $"reaches its block {block} twice");
                }

                foreach (var below in Enumerate(ReadBlock(child), depth + 1, visited))
                {
                    yield return below;
                }
            }

            if (!entry.Header.IsLast)
            {
                yield return entry;
            }
        }
    }
}

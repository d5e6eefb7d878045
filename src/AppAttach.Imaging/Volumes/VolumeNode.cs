using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes;

/// <summary>
/// One file or folder of the volume. A node's place in the tree's array is the number of its file record, system files included.
/// There may be a million of them, so they are small and share the strings of the paths they came from.
/// </summary>
internal struct VolumeNode
{
    private readonly string _text;
    private readonly int _nameStart;
    private readonly byte _nameLength;
    private readonly ushort _security;

    /// <summary>Makes a node.</summary>
    /// <param name="parent">Record number of the folder it is in.</param>
    /// <param name="text">A string that its name is part of.</param>
    /// <param name="nameStart">Where the name starts in it.</param>
    /// <param name="nameLength">UTF-16 units of the name.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    /// <param name="security">Place of its security descriptor in the catalogue.</param>
    /// <param name="time">When it was last written.</param>
    /// <param name="sizeBytes">Bytes of its content.</param>
    public VolumeNode(int parent, string text, int nameStart, int nameLength, bool isFolder, int security, NodeTime time, long sizeBytes = 0)
    {
        Parent = parent;
        _text = text;
        _nameStart = nameStart;
        _nameLength = checked((byte)nameLength);
        _security = checked((ushort)security);
        Time = time;
        IsFolder = isFolder;
        SizeBytes = sizeBytes;
        NameSpace = VolumeName.SpaceOf(Name);
    }

    /// <summary>Record number of the folder it is in.</summary>
    public int Parent { get; set; }

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder { get; }

    /// <summary>Which rules its name follows.</summary>
    public FileNameSpace NameSpace { get; }

    /// <summary>First cluster of its content; set when places are given out.</summary>
    public int FirstCluster { get; set; }

    /// <summary>When it was last written; a folder's is set when all that is in it is known.</summary>
    public NodeTime Time { get; set; }

    /// <summary>Bytes of its content: the unnamed DATA. System files' are set when sizes are known.</summary>
    public long SizeBytes { get; set; }

    /// <summary>Whether the record is in use at all: system records 12 to 23 have no name.</summary>
    public readonly bool HasName => _nameLength > 0;

    /// <summary>Its name.</summary>
    public readonly ReadOnlySpan<char> Name => _text.AsSpan(_nameStart, _nameLength);

    /// <summary>UTF-16 units of its name.</summary>
    public readonly int NameLength => _nameLength;

    /// <summary>Place of its security descriptor in the catalogue.</summary>
    public readonly int Security => _security;

    /// <summary>The clusters of its content.</summary>
    public readonly ClusterRun Content => ClusterRun.At(FirstCluster, SizeBytes);
}

using System.Runtime.InteropServices;
using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Volumes;

/// <summary>
/// Collects the files of a volume, in the order in which their content will be written, with the folders that their paths imply.
/// Names that differ in case only are one name to Windows: folders become one folder, files are refused by the plan.
/// </summary>
internal sealed class VolumeTree
{
    private readonly List<VolumeNode> _nodes = [];
    private readonly List<int> _files = [];
    private readonly Dictionary<FolderKey, int> _folders = new(new FolderKeyComparer());
    private string _lastFolderPath = string.Empty;
    private int _lastFolder = SystemRecord.RootFolder;
    private int _lastRoot = SystemRecord.RootFolder;

    /// <summary>Makes a tree of the system files alone.</summary>
    public VolumeTree() => SystemNodes.AddTo(_nodes);

    /// <summary>Number of nodes, system files included: the number of the next file record.</summary>
    public int Count => _nodes.Count;

    /// <summary>Record numbers of all files, in the order in which they were added.</summary>
    public Span<int> Files => CollectionsMarshal.AsSpan(_files);

    /// <summary>All nodes; a node's place is the number of its file record.</summary>
    public Span<VolumeNode> Nodes => CollectionsMarshal.AsSpan(_nodes);

    /// <summary>The security descriptors of all nodes.</summary>
    public SecurityCatalog Security { get; } = new();

    /// <summary>Adds a folder, unless it is there already.</summary>
    /// <param name="parent">Record number of the folder it goes into.</param>
    /// <param name="name">Its name.</param>
    /// <param name="security">Its security descriptor; what is put into it inherits from it.</param>
    /// <returns>Its record number.</returns>
    /// <exception cref="InvalidInputException">The name is none that Windows can open, or there are too many files.</exception>
    public int AddFolder(int parent, string name, SecurityDescriptor security) =>
        AddFolder(parent, name, 0, name.Length, Security.Add(security));

    /// <summary>Adds a file and the folders that its path implies.</summary>
    /// <param name="root">Record number of the folder that the path starts from.</param>
    /// <param name="path">Segments separated by <c>/</c>.</param>
    /// <param name="sizeBytes">Bytes of its content, at least 0.</param>
    /// <param name="lastWriteTime">When it was last written; null for the volume's time, which is the latest that it can have.</param>
    /// <returns>Its record number; greater than those of all files added before it.</returns>
    /// <exception cref="InvalidInputException">A segment is no name that Windows can open, or there are too many files or levels.</exception>
    public int AddFile(int root, string path, long sizeBytes, DateTimeOffset? lastWriteTime = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        if (sizeBytes > VolumeLimits.MaximumPartitionBytes)
        {
            throw new InvalidInputException(
                Defect.LimitExceeded,
                $"The file '{path}' has {sizeBytes} bytes; a volume holds up to {VolumeLimits.MaximumPartitionBytes}.");
        }

        var nameStart = path.LastIndexOf('/') + 1;
        var folder = FolderOf(root, path, nameStart);
        VolumeName.Require(path.AsSpan(nameStart), path);
        var time = lastWriteTime is { } known ? NodeTime.Of(known) : NodeTime.OfVolume;
        var security = Security.InheritedBy(_nodes[folder].Security, isFolder: false);
        var added = Add(new VolumeNode(folder, path, nameStart, path.Length - nameStart, isFolder: false, security, time, sizeBytes));
        _files.Add(added);
        return added;
    }

    /// <summary>Gives every folder the time of the newest file below it, when all files are there.</summary>
    public void SetFolderTimes()
    {
        // What is in a folder has a higher number than the folder, until numbers are changed.
        for (var record = _nodes.Count - 1; record >= SystemRecord.FirstUser; record--)
        {
            ref var parent = ref Nodes[Nodes[record].Parent];
            parent.Time = NodeTime.Later(parent.Time, Nodes[record].Time);
        }
    }

    /// <summary>Gives files and folders other record numbers; those that are left out become unused records. Nothing can be added afterwards.</summary>
    /// <param name="numbers">For each node its new number, all different; system files keep theirs.</param>
    public void Renumber(ReadOnlySpan<int> numbers)
    {
        SetFolderTimes();
        var old = _nodes.ToArray();
        var last = 0;
        foreach (var number in numbers)
        {
            last = Math.Max(last, number);
        }

        CollectionsMarshal.SetCount(_nodes, last + 1);
        Nodes.Clear();
        for (var record = 0; record < old.Length; record++)
        {
            ref var node = ref Nodes[numbers[record]];
            node = old[record];
            node.Parent = numbers[node.Parent];
        }

        foreach (ref var file in Files)
        {
            file = numbers[file];
        }

        _folders.Clear();
    }

    private int FolderOf(int root, string path, int nameStart)
    {
        var folderPath = path.AsSpan(0, nameStart);
        if (root == _lastRoot && folderPath.SequenceEqual(_lastFolderPath.AsSpan()))
        {
            return _lastFolder;
        }

        var folder = root;
        var depth = 0;
        for (var start = 0; start < nameStart;)
        {
            var length = path.AsSpan(start).IndexOf('/');
            if (++depth > VolumeLimits.MaximumDepth)
            {
                throw new InvalidInputException(
                    Defect.LimitExceeded,
                    $"The path '{path}' leads through more than {VolumeLimits.MaximumDepth} folders, which is the limit.");
            }

            folder = AddFolder(folder, path, start, length, Security.InheritedBy(_nodes[folder].Security, isFolder: true));
            start += length + 1;
        }

        _lastRoot = root;
        _lastFolder = folder;
        _lastFolderPath = path[..nameStart];
        return folder;
    }

    private int AddFolder(int parent, string text, int nameStart, int nameLength, int security)
    {
        var key = new FolderKey(parent, text.AsMemory(nameStart, nameLength));
        if (_folders.TryGetValue(key, out var existing))
        {
            return existing;
        }

        VolumeName.Require(text.AsSpan(nameStart, nameLength), text);
        var added = Add(new VolumeNode(parent, text, nameStart, nameLength, isFolder: true, security, default));
        _folders.Add(key, added);
        return added;
    }

    private int Add(VolumeNode node)
    {
        if (_nodes.Count >= VolumeLimits.MaximumNodeCount)
        {
            throw new InvalidInputException(
                Defect.LimitExceeded,
                $"There are more than {VolumeLimits.MaximumNodeCount} files and folders, which is the limit. Split the packages over more images.");
        }

        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    private readonly record struct FolderKey(int Parent, ReadOnlyMemory<char> Name);

    private sealed class FolderKeyComparer : IEqualityComparer<FolderKey>
    {
        public bool Equals(FolderKey x, FolderKey y) =>
            x.Parent == y.Parent && UpcaseTable.Windows.CompareIgnoringCase(x.Name.Span, y.Name.Span) == 0;

        public int GetHashCode(FolderKey obj)
        {
            // Seeded anew in each process, so that nobody can choose names that collide; the order of the dictionary is never used.
            var hash = new HashCode();
            hash.Add(obj.Parent);
            foreach (var unit in obj.Name.Span)
            {
                hash.Add(UpcaseTable.Windows.ToUpper(unit));
            }

            return hash.ToHashCode();
        }
    }
}

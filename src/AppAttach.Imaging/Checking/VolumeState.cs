using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Checking;

/// <summary>
/// What is remembered of each file record while the folders are held against them: about 30 bytes a record, however large its file. Names
/// are remembered as sums of 64-bit hashes: a folder's entry takes its hash off again, and nothing may be left in the end.
/// </summary>
/// <param name="records">Records of the volume.</param>
internal sealed class VolumeState(int records)
{
    // FNV-1a.
    private const ulong Basis = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    private readonly ulong[] _nameSums = new ulong[records];
    private readonly ulong[] _sizes = new ulong[records];
    private readonly int[] _links = new int[records];
    private readonly int[] _parents = new int[records];
    private readonly ushort[] _sequences = new ushort[records];
    private readonly BitSet _folders = new(records);
    private readonly BitSet _bases = new(records);

    /// <summary>Records of the volume.</summary>
    public int Records => records;

    /// <summary>Security ids in use, each with a record that uses it.</summary>
    public Dictionary<uint, long> SecurityIds { get; } = [];

    /// <summary>Whether a record is in use and the first, or only one, of its file.</summary>
    public bool IsBase(long record) => _bases[record];

    /// <summary>Whether a record is a folder's.</summary>
    public bool IsFolder(long record) => _folders[record];

    /// <summary>The folder that one of a record's names lies in.</summary>
    public int ParentOf(long record) => _parents[record];

    /// <summary>Sequence number of a record in use.</summary>
    public ushort SequenceOf(long record) => _sequences[record];

    /// <summary>Remembers a record in use.</summary>
    public void AddRecord(FileReference reference, bool isFolder, long sizeBytes, long allocatedBytes)
    {
        _bases.Set(reference.RecordNumber, 1);
        if (isFolder)
        {
            _folders.Set(reference.RecordNumber, 1);
        }

        _sequences[reference.RecordNumber] = reference.SequenceNumber;
        _sizes[reference.RecordNumber] = HashOf(sizeBytes, allocatedBytes);
    }

    /// <summary>Remembers one of a record's names.</summary>
    public void AddName(long record, FileName fileName, string name)
    {
        _nameSums[record] += HashOf(fileName.Parent, fileName.NameSpace, name);
        _links[record]++;
        _parents[record] = (int)Math.Min(fileName.Parent.RecordNumber, int.MaxValue);
    }

    /// <summary>Takes off a name that a folder lists.</summary>
    public void RemoveName(long record, FileReference folder, FileNameSpace nameSpace, string name)
    {
        _nameSums[record] -= HashOf(folder, nameSpace, name);
        _links[record]--;
    }

    /// <summary>Whether a folder's entry gives the sizes that the record gives.</summary>
    public bool HasSizes(long record, long sizeBytes, long allocatedBytes) => _sizes[record] == HashOf(sizeBytes, allocatedBytes);

    /// <summary>Names of a record that no folder lists, less entries that name it without its knowing; null when all agree.</summary>
    public int? Unmatched(long record) => _links[record] != 0 || _nameSums[record] != 0 ? _links[record] : null;

    /// <summary>A hash of bytes, against damage.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = Basis;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * Prime;
        }

        return hash;
    }

    private static ulong HashOf(FileReference folder, FileNameSpace nameSpace, string name)
    {
        // FNV-1a over UTF-16 units; against damage, not against an enemy, who could as well write a volume that is right.
        var hash = Basis ^ folder.Value;
        hash = (hash ^ (ulong)nameSpace) * Prime;
        foreach (var unit in name)
        {
            hash = (hash ^ unit) * Prime;
        }

        return hash;
    }

    private static ulong HashOf(long sizeBytes, long allocatedBytes) =>
        unchecked(((ulong)sizeBytes * 0x9E3779B97F4A7C15UL) ^ ((ulong)allocatedBytes * 0xC2B2AE3D27D4EB4FUL));
}

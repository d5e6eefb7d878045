using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>The entries of one folder; pointed at another folder for each, so that a million folders take no million objects.</summary>
/// <param name="plan">The volume's plan.</param>
/// <param name="names">Makes the names' structures.</param>
internal sealed class FolderEntries(VolumePlan plan, NodeAttributes names) : IIndexEntries
{
    /// <summary>The folder whose entries are meant.</summary>
    public FolderPlan Folder { get; set; }

    /// <inheritdoc/>
    public int Write(int entry, bool hasChild, Span<byte> target)
    {
        var record = plan.Children[Folder.FirstChild + entry];
        ref readonly var node = ref plan.Nodes[record];
        var fileName = names.FileNameOf(record);
        var length = IndexEntry.SizeForName(node.NameLength, hasChild);
        var reference = SystemRecord.Reference(record).Value;
        new IndexEntry(reference, (ushort)length, (ushort)fileName.SizeWithName, hasChild, IsLast: false).Write(target);
        fileName.Write(target[IndexEntry.Size..], node.Name);
        return length;
    }
}

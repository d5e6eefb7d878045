using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Volumes.Emission;

/// <summary>Makes what a node's record and its folder's entry say about it: the two must be the same.</summary>
/// <param name="plan">The volume's plan.</param>
internal sealed class NodeAttributes(VolumePlan plan)
{
    private readonly long _volumeTime = plan.Options.Time.ToFileTime();

    /// <summary>STANDARD_INFORMATION of a node.</summary>
    public StandardInformation StandardInformationOf(int record) =>
        new(TimesOf(record), AttributesOf(record), SecurityCatalog.IdOf(plan.Nodes[record].Security));

    /// <summary>FILE_NAME of a node.</summary>
    public FileName FileNameOf(int record)
    {
        ref readonly var node = ref plan.Nodes[record];
        var folder = node.IsFolder ? FileAttributeFlags.FileNameIndexPresent : FileAttributeFlags.None;
        return new FileName(
            SystemRecord.Reference(node.Parent),
            TimesOf(record),
            node.Content.AllocatedBytes,
            node.SizeBytes,
            AttributesOf(record) | folder,
            (byte)node.NameLength,
            record < SystemRecord.FirstUser ? FileNameSpace.Win32AndDos : node.NameSpace);
    }

    // A file that has never been changed since it was made: all four are the same.
    private FileTimes TimesOf(int record) => FileTimes.AllAt(plan.Nodes[record].Time.ToFileTime(_volumeTime));

    private FileAttributeFlags AttributesOf(int record) => record switch
    {
        SystemRecord.Secure or SystemRecord.Quota or SystemRecord.ObjectId or SystemRecord.Reparse =>
            FileAttributeFlags.Hidden | FileAttributeFlags.System | FileAttributeFlags.ViewIndexPresent,
        < SystemRecord.FirstUser => FileAttributeFlags.Hidden | FileAttributeFlags.System,
        _ => plan.Nodes[record].IsFolder ? FileAttributeFlags.None : FileAttributeFlags.Archive,
    };
}

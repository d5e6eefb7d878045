using AppAttach.Imaging.Volumes.Ntfs;
using AppAttach.Imaging.Volumes.Security;

namespace AppAttach.Imaging.Volumes;

/// <summary>The nodes of the system files, records 0 to 26. Source: image-format notes 4.9.</summary>
internal static class SystemNodes
{
    private static readonly string[] RootNames =
    [
        "$MFT", "$MFTMirr", "$LogFile", "$Volume", "$AttrDef", ".", "$Bitmap", "$Boot", "$BadClus", "$Secure", "$UpCase", "$Extend",
    ];

    private static readonly string[] ExtendNames = ["$Quota", "$ObjId", "$Reparse"];

    /// <summary>Adds them to an empty list.</summary>
    public static void AddTo(List<VolumeNode> nodes)
    {
        foreach (var name in RootNames)
        {
            var isFolder = nodes.Count is SystemRecord.RootFolder or SystemRecord.Extend;
            var security = nodes.Count == SystemRecord.RootFolder ? SecurityCatalog.VolumeRoot : SecurityCatalog.SystemFile;
            nodes.Add(new VolumeNode(SystemRecord.RootFolder, name, 0, name.Length, isFolder, security, NodeTime.OfVolume));
        }

        while (nodes.Count < SystemRecord.Quota)
        {
            nodes.Add(new VolumeNode(SystemRecord.RootFolder, string.Empty, 0, 0, isFolder: false, SecurityCatalog.SystemFile, NodeTime.OfVolume));
        }

        foreach (var name in ExtendNames)
        {
            nodes.Add(new VolumeNode(SystemRecord.Extend, name, 0, name.Length, isFolder: false, SecurityCatalog.SystemFile, NodeTime.OfVolume));
        }
    }
}

namespace AppAttach.Pipeline.Replication;

/// <summary>
/// How many handles a share of Azure Files keeps open at once. Each host that attaches a VHD or VHDX has one on the image, one on its folder and one
/// on the share's root, however many users it has (MicrosoftDocs/azure-docs, <c>storage/files/virtual-desktop-workloads.md</c>, "App attach with VHD/VHDX").
/// </summary>
public static class ShareLimits
{
    /// <summary>Most hosts that attach one image from one share: handles on a file, and on a folder.</summary>
    public const int HostsPerImage = 2_000;

    /// <summary>Most hosts times images on one share: handles on its root have to stay below 10,000.</summary>
    public const int AttachmentsPerShare = 9_999;
}

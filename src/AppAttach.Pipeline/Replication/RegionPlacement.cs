namespace AppAttach.Pipeline.Replication;

/// <summary>How a region's shares take the images of a set. All hosts attach all images: the most that can come.</summary>
/// <param name="Region">The region.</param>
/// <param name="HostGroups">Groups that the hosts are split into, because of <see cref="ShareLimits.HostsPerImage"/>; each has copies of all images of its own.</param>
/// <param name="HostsInGroup">Hosts of the largest group.</param>
/// <param name="ImagesOnShare">Most images that one share takes for a group of that size.</param>
/// <param name="SharesNeeded">Shares that all of this takes.</param>
/// <param name="RootHandles">Handles on the root of the fullest share; <see cref="ShareLimits.AttachmentsPerShare"/> is the limit.</param>
public sealed record RegionPlacement(RegionSize Region, int HostGroups, int HostsInGroup, int ImagesOnShare, int SharesNeeded, int RootHandles)
{
    /// <summary>Images that the region's shares take; null where it has as many shares as it takes.</summary>
    public int? MostImages => Region.Shares is { } shares ? shares / HostGroups * ImagesOnShare : null;

    /// <summary>Places images in a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="images">How many.</param>
    public static RegionPlacement Of(RegionSize region, int images)
    {
        var groups = DivideUp(region.Hosts, ShareLimits.HostsPerImage);
        var hosts = DivideUp(region.Hosts, groups);
        var onShare = ShareLimits.AttachmentsPerShare / hosts;
        return new(region, groups, hosts, onShare, groups * DivideUp(images, onShare), hosts * Math.Min(images, onShare));
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}

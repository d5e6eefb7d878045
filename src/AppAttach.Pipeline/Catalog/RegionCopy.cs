namespace AppAttach.Pipeline.Catalog;

/// <summary>A verified copy of an image on a region's share.</summary>
/// <param name="Region">The region.</param>
/// <param name="Path">Path under which the region's hosts open it.</param>
/// <param name="VerifiedAt">When its hash was compared.</param>
/// <param name="PreviousImage">The image whose copy in the region was there to take unchanged ranges from; null: the whole image had to travel.</param>
/// <param name="TravelBytes">
/// Bytes that had to travel then: blocks of files, and KiBs of all else, that the previous image does not have. It is what the two images' manifests say: should
/// the previous copy have turned out to be damaged or gone, the rest travelled as well.
/// </param>
public sealed record RegionCopy(string Region, string Path, DateTimeOffset VerifiedAt, string? PreviousImage = null, long? TravelBytes = null);

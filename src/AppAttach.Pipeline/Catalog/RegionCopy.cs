namespace AppAttach.Pipeline.Catalog;

/// <summary>A verified copy of an image on a region's share.</summary>
/// <param name="Region">The region.</param>
/// <param name="Path">Path under which the region's hosts open it.</param>
/// <param name="VerifiedAt">When its hash was compared.</param>
public sealed record RegionCopy(string Region, string Path, DateTimeOffset VerifiedAt);

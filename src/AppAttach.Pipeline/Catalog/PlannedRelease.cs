using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>A release as the hosts of one pool get it.</summary>
/// <param name="Package">The package.</param>
/// <param name="Image">The copy in the pool's region.</param>
public sealed record PlannedRelease(PackageReference Package, ImageReference Image)
{
    /// <summary>What hosts must have to take it; null: not known.</summary>
    public ReleaseNeeds? Needs { get; init; }
}

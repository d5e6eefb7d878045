using AppAttach.Imaging.Deltas;

namespace AppAttach.Pipeline.Ports;

/// <summary>A copy on the same region's shares that has most of a new image's bytes.</summary>
/// <param name="ImageName">File name of its image.</param>
/// <param name="Path">The path under which hosts open it, as <see cref="IRegionalShare.CopyAsync"/> gave it.</param>
/// <param name="Ranges">
/// All ranges of the new image, in order and without gaps: whether the previous copy has them and where, whether they are zeros, or have to come from the
/// hub. They were worked out from manifests, so the copy's digest is what proves them.
/// </param>
public sealed record PreviousCopy(string ImageName, string Path, IReadOnlyList<DeltaRange> Ranges);

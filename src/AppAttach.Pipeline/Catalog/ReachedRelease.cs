using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>A release that some rings had for good when another rollout superseded its own: it is what their hosts go back to.</summary>
/// <param name="Release">The release.</param>
/// <param name="Rings">The rings of its rollout.</param>
/// <param name="Good">Numbers of those that had registered it and whose gates had passed.</param>
public sealed record ReachedRelease(PlannedRelease Release, IReadOnlyList<RingDefinition> Rings, IReadOnlyList<int> Good);

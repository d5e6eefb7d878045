using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>What a host must have to take a release, from the package's manifest and signature.</summary>
/// <param name="MinimumWindows">Lowest version of Windows; null: the manifest asks for none.</param>
/// <param name="Frameworks">Framework packages with their lowest versions.</param>
public sealed record ReleaseNeeds(string? MinimumWindows, IReadOnlyList<FrameworkReference> Frameworks);

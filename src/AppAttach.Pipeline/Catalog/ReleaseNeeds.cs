using AppAttach.Contracts;

namespace AppAttach.Pipeline.Catalog;

/// <summary>What a host must have to take a release, from the package's manifest and signature.</summary>
/// <param name="MinimumWindows">Lowest version of Windows; null: the manifest asks for none.</param>
/// <param name="Frameworks">Framework packages with their lowest versions.</param>
public sealed record ReleaseNeeds(string? MinimumWindows, IReadOnlyList<FrameworkReference> Frameworks)
{
    /// <summary>
    /// SHA-256 thumbprint of the signing certificate where that vouches for itself, lower-case hexadecimal: a host must then trust this very one. Null where an
    /// authority vouches for it: Windows fetches many authorities' certificates when it meets them, so that one it does not list may do all the same.
    /// </summary>
    public string? SelfSignedBy { get; init; }
}

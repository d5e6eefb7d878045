namespace AppAttach.Listener.Commands;

/// <summary>A package's manifest, as far as the listener needs it.</summary>
/// <param name="Identity">Which package.</param>
/// <param name="Dependencies">The framework packages that must be there before it can be staged.</param>
/// <param name="DisplayName">What people call it; null where only a resource of the package says so.</param>
internal sealed record PackageManifest(ManifestIdentity Identity, IReadOnlyList<Contracts.FrameworkReference> Dependencies, string? DisplayName);

using AppAttach.Contracts;

namespace AppAttach.Listener.Registration;

/// <summary>A package that a mounted image holds.</summary>
/// <param name="Package">Which package.</param>
/// <param name="Image">The image that holds it.</param>
/// <param name="Folder">Absolute path of the package's folder; null where the mounter gives no mount point.</param>
/// <param name="Resources">Full names of the resource packages beside it, which are staged before it and registered with it.</param>
internal sealed record StagedPackage(PackageReference Package, ImageReference Image, string? Folder, IReadOnlyList<string> Resources);

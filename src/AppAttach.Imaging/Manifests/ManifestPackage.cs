using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Manifests;

/// <summary>A package that a manifest lists.</summary>
/// <param name="FullName">Its full name, and its folder's.</param>
/// <param name="Digest">SHA-256 of the package file, 64 hexadecimal digits in lower case.</param>
/// <param name="Method">The hash of its files' blocks.</param>
internal sealed record ManifestPackage(string FullName, string Digest, HashMethod Method);

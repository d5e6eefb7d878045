using AppAttach.Contracts;
using AppAttach.Imaging.Packages;

namespace AppAttach.Pipeline.Intake;

/// <summary>Names a package in messages as its manifest names it.</summary>
public static class PackageReferences
{
    /// <summary>The name in messages of a package.</summary>
    /// <param name="identity">Identity from the manifest.</param>
    /// <returns>The reference.</returns>
    public static PackageReference Of(PackageIdentity identity) =>
        new(identity.FullName, identity.FamilyName, identity.Version.ToString(), identity.Architecture);

    /// <summary>Whether a package takes the place of another: same family, for the same processor, with a higher version.</summary>
    /// <param name="one">The package.</param>
    /// <param name="other">The other one.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsNewerThan(this PackageReference one, PackageReference other) =>
        string.Equals(one.FamilyName, other.FamilyName, StringComparison.OrdinalIgnoreCase)
        && string.Equals(one.Architecture, other.Architecture, StringComparison.OrdinalIgnoreCase)
        && Version.Parse(one.Version) > Version.Parse(other.Version);
}

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
}

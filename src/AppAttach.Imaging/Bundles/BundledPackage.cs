using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>A package of a <see cref="Bundle"/>: what the bundle says of it, and what was found when it was opened and checked against that.</summary>
public sealed class BundledPackage
{
    private readonly Func<Package> open;

    internal BundledPackage(BundleEntry entry, bool isBeside, Package package, Func<Package> open)
    {
        (Entry, IsBeside, this.open) = (entry, isBeside, open);
        (Identity, Kind, IsSigned, PackedSizeBytes) = (package.Identity, package.Manifest.Kind, package.IsSigned, package.PackedSizeBytes);
    }

    /// <summary>What the bundle manifest says of it.</summary>
    public BundleEntry Entry { get; }

    /// <summary>Whether it is a file beside the bundle, as in a flat bundle, and not in the bundle's own file.</summary>
    public bool IsBeside { get; }

    /// <summary>Who it is; name and publisher are the bundle's.</summary>
    public PackageIdentity Identity { get; }

    /// <summary>What its own manifest says it is for.</summary>
    public PackageKind Kind { get; }

    /// <summary>Whether it carries a signature; says nothing about what it is worth.</summary>
    public bool IsSigned { get; }

    /// <summary>Its size, in bytes.</summary>
    public long PackedSizeBytes { get; }

    /// <summary>
    /// Opens the package, and checks it against the bundle manifest again. It reads from a window onto the bundle's stream, or from its own file
    /// beside the bundle, and is good until the bundle is disposed of. Packages of one bundle may be read at the same time.
    /// </summary>
    /// <exception cref="InvalidInputException">It has changed since the bundle was opened.</exception>
    /// <exception cref="ObjectDisposedException">The bundle was disposed of.</exception>
    public Package Open() => open();
}

using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>What must hold between a bundle's manifest, its archive and the packages inside. Each fault is one <see cref="Defect.BundleInvalid"/>.</summary>
internal static class BundleRules
{
    private const string Neutral = "neutral";

    /// <summary>Checks the manifest's packages against each other.</summary>
    public static void CheckEntries(BundleManifest manifest)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var fullNames = new HashSet<(string, bool)>();
        foreach (var entry in manifest.Packages)
        {
            if (!names.Add(entry.FileName))
            {
                throw Invalid.Bundle($"The bundle manifest lists package {Invalid.Quote(entry.FileName)} twice; case does not tell files apart.");
            }

            // A stub bears the same names as the package it stands for.
            if (!fullNames.Add((IdentityOf(manifest, entry).FullName, entry.IsStub)))
            {
                throw Invalid.Bundle($"The bundle has two packages {IdentityOf(manifest, entry).FullName}; each must have another version, architecture or resource id.");
            }
        }

        if (!manifest.Packages.Any(entry => entry.Type == BundledPackageType.Application))
        {
            throw Invalid.Bundle(manifest.Packages.Count == 0 ? "The bundle manifest lists no package." : "The bundle has no application package.");
        }

        CheckArchitectures(manifest.Packages);
    }

    /// <summary>The identity that a package must have.</summary>
    public static PackageIdentity IdentityOf(BundleManifest manifest, BundleEntry entry) => manifest.Identity with
    {
        Version = entry.Version, Architecture = entry.Architecture, ResourceId = entry.ResourceId,
    };

    /// <summary>Checks that the archive has every package that the manifest has there, and nothing else but the bundle's own parts.</summary>
    public static void CheckParts(BundleManifest manifest, IReadOnlyDictionary<string, ZipPart> parts)
    {
        foreach (var entry in manifest.Packages)
        {
            var mayLieBeside = entry.OffsetBytes is null or 0 && BundleFileName.IsBeside(entry.FileName);
            if (!mayLieBeside && !parts.ContainsKey(entry.FileName))
            {
                throw Invalid.Bundle($"The bundle manifest lists package {Invalid.Quote(entry.FileName)}, which the archive does not have.");
            }
        }

        var listed = manifest.Packages.Select(entry => entry.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var path in parts.Keys)
        {
            if (path != PartName.BundleManifest && !PartName.IsOutsideBlockMap(path) && !listed.Contains(path))
            {
                throw Invalid.Bundle($"The bundle has {Invalid.Quote(path)}, which its manifest does not list.");
            }
        }
    }

    /// <summary>Checks the place of a package in the archive.</summary>
    /// <param name="entry">What the manifest says.</param>
    /// <param name="part">What the directory says.</param>
    /// <param name="dataOffsetBytes">Where its data stands.</param>
    public static void CheckPlace(BundleEntry entry, ZipPart part, long dataOffsetBytes)
    {
        if (part.IsDeflated)
        {
            throw Invalid.Bundle($"Package {Invalid.Quote(part.Path)} of the bundle is compressed; packages in a bundle are stored.");
        }

        CheckSize(entry, part.SizeBytes);
        if (entry.OffsetBytes is { } offset && offset != dataOffsetBytes)
        {
            throw Invalid.Bundle(
                $"The bundle manifest has package {Invalid.Quote(part.Path)} at byte {offset}, and it starts at byte {dataOffsetBytes}.");
        }
    }

    /// <summary>Checks the size of a package, inside the bundle or beside it.</summary>
    public static void CheckSize(BundleEntry entry, long sizeBytes)
    {
        if (sizeBytes == 0)
        {
            throw Invalid.Bundle($"Package {Invalid.Quote(entry.FileName)} of the bundle is empty.");
        }

        if (entry.SizeBytes is { } size && size != sizeBytes)
        {
            throw Invalid.Bundle($"The bundle manifest gives package {Invalid.Quote(entry.FileName)} {size} bytes, and it has {sizeBytes}.");
        }
    }

    /// <summary>Checks a package against what the manifest says of it.</summary>
    public static void CheckPackage(BundleManifest manifest, BundleEntry entry, Package package)
    {
        var isResource = package.Manifest.Kind == PackageKind.Resource;
        if (isResource != (entry.Type == BundledPackageType.Resource))
        {
            throw Invalid.Bundle(isResource
                ? $"The bundle manifest has {Invalid.Quote(entry.FileName)} as an application package, and its own manifest says that it is a resource package."
                : $"The bundle manifest has {Invalid.Quote(entry.FileName)} as a resource package, and its own manifest says that it is none.");
        }

        var (expected, actual) = (IdentityOf(manifest, entry), package.Identity);
        CheckEqual(entry, "name", expected.Name, actual.Name);
        CheckEqual(entry, "publisher", expected.Publisher, actual.Publisher);
        CheckEqual(entry, "version", expected.Version.ToString(), actual.Version.ToString());
        CheckEqual(entry, "architecture", expected.Architecture, actual.Architecture);
        CheckEqual(entry, "resource id", expected.ResourceId, actual.ResourceId);
    }

    private static void CheckEqual(BundleEntry entry, string what, string expected, string actual)
    {
        if (expected != actual)
        {
            throw Invalid.Bundle(
                $"By the bundle manifest, package {Invalid.Quote(entry.FileName)} has the {what} {Invalid.Quote(expected)}; its own manifest says {Invalid.Quote(actual)}.");
        }
    }

    // A host must find one application package for its architecture, not several. Stubs stand beside full packages, and packages for
    // device families that have none in common never meet on one device.
    private static void CheckArchitectures(IEnumerable<BundleEntry> packages)
    {
        var families = new Dictionary<(bool IsStub, string Family), Dictionary<string, string>>();
        foreach (var entry in packages.Where(entry => entry.Type == BundledPackageType.Application))
        {
            foreach (var family in entry.DeviceFamilies.DefaultIfEmpty("").Select(family => family.ToUpperInvariant()).Distinct())
            {
                if (!families.TryGetValue((entry.IsStub, family), out var names))
                {
                    families.Add((entry.IsStub, family), names = new(StringComparer.Ordinal));
                }

                CheckArchitecture(entry, names);
            }
        }
    }

    private static void CheckArchitecture(BundleEntry entry, Dictionary<string, string> names)
    {
        if (!names.TryAdd(entry.Architecture, entry.FileName))
        {
            throw Invalid.Bundle(
                $"The bundle has two application packages for {entry.Architecture}: {Invalid.Quote(names[entry.Architecture])} and {Invalid.Quote(entry.FileName)}.");
        }

        if (names.Count > 1 && names.TryGetValue(Neutral, out var neutral))
        {
            throw Invalid.Bundle(
                $"The bundle has {Invalid.Quote(neutral)} for all architectures, and others for single ones; it may have either.");
        }
    }
}

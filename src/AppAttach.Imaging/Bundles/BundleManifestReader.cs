using System.Globalization;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// Reads <c>AppxBundleManifest.xml</c> in every namespace that came since 2013 (MSIX SDK, <c>BundleManifestSchema2013.xsd</c> to <c>…2019.xsd</c>). Later generations
/// put elements of theirs into older documents, so an element counts in any of them; elements of other namespaces are passed over with
/// all that is in them. How the entries go together with the archive is for <see cref="BundleRules"/>.
/// </summary>
internal sealed class BundleManifestReader
{
    private const string NamespacePrefix = "http://schemas.microsoft.com/appx/";
    private const string NamespaceSuffix = "/bundle";
    private const string BundleResourceId = "~";
    private const int FirstYear = 2013;
    private const int PackageDepth = 2;

    private readonly XmlPart xml;
    private readonly PackageLimits limits;
    private readonly string[] path;
    private readonly List<BundleEntry> packages = [];
    private readonly List<(OptionalBundle Bundle, List<BundleEntry> Packages)> optionalBundles = [];
    private List<BundleEntry>? target;
    private BundleEntryBuilder? entry;
    private PackageIdentity? identity;
    private bool hasPackages;
    private int entries;
    private int year;

    private BundleManifestReader(XmlPart xml, PackageLimits limits) =>
        (this.xml, this.limits, path) = (xml, limits, new string[limits.XmlDepth + 1]);

    /// <summary>Reads a bundle manifest.</summary>
    /// <exception cref="InvalidInputException">
    /// <see cref="Defect.ManifestInvalid"/>, <see cref="Defect.BundleInvalid"/> for a package's file name, <see cref="Defect.UnsafeName"/>,
    /// <see cref="Defect.Encrypted"/> or a limit.
    /// </exception>
    public static BundleManifest Read(Stream stream, PackageLimits limits)
    {
        using var xml = new XmlPart(stream, PartName.BundleManifest, Defect.ManifestInvalid, limits.XmlDepth);
        return new BundleManifestReader(xml, limits).Read();
    }

    private BundleManifest Read()
    {
        if (!xml.ReadElement() || xml.LocalName != "Bundle" || YearOf(xml.Namespace) is not { } rootYear)
        {
            throw Invalid.Manifest("The root of AppxBundleManifest.xml is not Bundle of an MSIX bundle manifest (2013, 2016 to 2019).");
        }

        year = rootYear;
        while (xml.ReadElement())
        {
            // What is below an element that is not known has no path that is.
            path[xml.Depth] = YearOf(xml.Namespace) is not null ? xml.LocalName : "";
            if (xml.Depth <= PackageDepth)
            {
                CompleteEntry();
            }

            ReadElement();
        }

        CompleteEntry();
        return new(
            identity ?? throw Invalid.Manifest("The bundle manifest has no Identity."), year, packages,
            [.. optionalBundles.Select(optional => optional.Bundle with { Packages = optional.Packages })]);
    }

    private void ReadElement()
    {
        switch (xml.Depth)
        {
            case 1:
                ReadTopElement();
                break;
            case PackageDepth when path[2] == "Package" && target is not null:
                StartEntry();
                break;
            case 3 when entry is not null && path[3] == "Resources":
                entry.HasDefaultResources |= XmlBoolean("Default");
                break;
            case 4 when entry is not null && path[3] == "Resources" && path[4] == "Resource":
                entry.AddResource(xml["Language"], xml["Scale"], xml["DXFeatureLevel"]);
                break;
            case 4 when entry is not null && path[3] == "Dependencies" && path[4] == "TargetDeviceFamily":
                entry.AddDeviceFamily(Required("Name"));
                break;
        }
    }

    private void ReadTopElement()
    {
        target = null;
        switch (path[1])
        {
            case "Identity":
                identity = identity is null ? ReadIdentity() : throw Invalid.Manifest("The bundle manifest has more than one Identity.");
                break;
            case "Packages":
                hasPackages = hasPackages ? throw Invalid.Manifest("The bundle manifest has more than one Packages.") : true;
                target = packages;
                break;
            case "OptionalBundle":
                StartOptionalBundle();
                break;
        }
    }

    private void StartOptionalBundle()
    {
        if (optionalBundles.Count == limits.BundledPackages)
        {
            throw Invalid.Limit("Number of optional bundles in the bundle manifest", optionalBundles.Count + 1L, limits.BundledPackages);
        }

        var (name, publisher) = (ReadName(), Required("Publisher"));
        target = [];
        optionalBundles.Add((new(name, publisher, xml["Version"] is null ? null : ReadVersion(), xml["FileName"], []), target));
    }

    private void StartEntry()
    {
        if (++entries > limits.BundledPackages)
        {
            throw Invalid.Limit("Number of packages in the bundle manifest", entries, limits.BundledPackages);
        }

        var type = xml["Type"] switch
        {
            "application" => BundledPackageType.Application,
            "resource" or null => BundledPackageType.Resource,
            var other => throw Invalid.Manifest($"The bundle manifest has a package of type {Invalid.Quote(other)}; application and resource are known."),
        };
        var architecture = (xml["Architecture"] ?? "neutral").ToLowerInvariant();
        var resourceId = xml["ResourceId"] ?? "";
        if (!IdentityText.IsArchitecture(architecture) || (resourceId.Length > 0 && !IdentityText.IsName(resourceId)))
        {
            throw Invalid.Manifest(
                $"The bundle manifest has a package of architecture {Invalid.Quote(architecture)} and resource id {Invalid.Quote(resourceId)}; one of them cannot be.");
        }

        entry = new(limits)
        {
            Type = type,
            Version = ReadVersion(),
            Architecture = architecture,
            ResourceId = resourceId,
            FileName = BundleFileName.Read(Required("FileName"), limits),
            OffsetBytes = ReadNumber("Offset"),
            SizeBytes = ReadNumber("Size"),
            IsStub = XmlBoolean("IsStub"),
        };
    }

    private void CompleteEntry()
    {
        if (entry is not null)
        {
            target!.Add(entry.Build());
            entry = null;
        }
    }

    private PackageIdentity ReadIdentity() => new(ReadName(), Required("Publisher"), ReadVersion(), "neutral", BundleResourceId);

    private string ReadName()
    {
        var name = Required("Name");
        return IdentityText.IsName(name) ? name : throw Invalid.Manifest(
            $"The bundle manifest has the name {Invalid.Quote(name)}, which is not made of letters, digits, dots and dashes, or is kept by Windows.");
    }

    private Version ReadVersion() => IdentityText.ParseVersion(xml["Version"]) ?? throw Invalid.Manifest(
        $"The bundle manifest's {path[xml.Depth]} has Version {Invalid.Quote(xml["Version"] ?? "")}; four numbers from 0 to 65535 are needed.");

    // Both were required until 2013's schema was followed by 2016's, which brought flat bundles; its elements stand in older documents too.
    private long? ReadNumber(string attribute)
    {
        var text = xml[attribute];
        if (text is null && YearOf(xml.Namespace) > FirstYear)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid.Manifest(
            $"The bundle manifest has a package with {attribute} {Invalid.Quote(text ?? "")}; a number is needed.");
    }

    private string Required(string attribute) =>
        xml[attribute] is { Length: > 0 } value ? value : throw Invalid.Manifest($"The bundle manifest's {path[xml.Depth]} has no {attribute}.");

    private bool XmlBoolean(string attribute) => xml[attribute] is "true" or "1";

    private static int? YearOf(string name) =>
        name.StartsWith(NamespacePrefix, StringComparison.Ordinal) && name.EndsWith(NamespaceSuffix, StringComparison.Ordinal)
            ? name[NamespacePrefix.Length..^NamespaceSuffix.Length] switch
            {
                "2013" => FirstYear,
                "2016" => 2016,
                "2017" => 2017,
                "2018" => 2018,
                "2019" => 2019,
                _ => null,
            }
            : null;
}

using System.Text;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Reads <c>AppxManifest.xml</c>. Element names are taken by their local part and place, as later versions of the schema put the same elements
/// into further namespaces; what is not known is passed over.
/// </summary>
internal sealed class ManifestReader
{
    private const string NamespacePrefix = "http://schemas.microsoft.com/appx/";
    private const string Windows10Namespace = NamespacePrefix + "manifest/foundation/windows10";

    // Families of the MSIX SDK's table; any other is a misspelling, or a system that this format never came to.
    private static readonly HashSet<string> KnownFamilies = new(StringComparer.OrdinalIgnoreCase)
    {
        "Windows.Universal", "Windows.Mobile", "Windows.Desktop", "Windows.Xbox", "Windows.Team", "Windows.Holographic", "Windows.IoT",
        "Windows.Server", "MsixCore.Desktop", "MsixCore.Server", "Apple.Ios.All", "Apple.Ios.Phone", "Apple.Ios.Tablet", "Apple.Ios.TV",
        "Apple.Ios.Watch", "Apple.MacOS.All", "Google.Android.All", "Google.Android.Phone", "Google.Android.Tablet", "Google.Android.Desktop",
        "Google.Android.TV", "Google.Android.Watch", "Linux.All", "Web.Edge.All", "Web.Blink.All", "Web.Chromium.All", "Web.Webkit.All",
        "Web.Safari.All", "Web.All", "Platform.All",
    };

    private readonly XmlPart xml;
    private readonly PackageLimits limits;
    private readonly string[] path;
    private readonly List<TargetDeviceFamily> families = [];
    private readonly List<PackageDependency> dependencies = [];
    private readonly List<(string Name, string? Publisher)> mainPackages = [];
    private readonly List<string> capabilities = [];
    private readonly List<PackageApplication> applications = [];
    private readonly Dictionary<string, StringBuilder> texts = new(StringComparer.Ordinal);
    private PackageIdentity? identity;
    private bool isWindows8;

    private ManifestReader(XmlPart xml, PackageLimits limits) =>
        (this.xml, this.limits, path) = (xml, limits, new string[limits.XmlDepth + 1]);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ManifestInvalid"/> or a limit.</exception>
    public static PackageManifest Read(Stream stream, PackageLimits limits)
    {
        using var xml = new XmlPart(stream, PartName.Manifest, Defect.ManifestInvalid, limits.XmlDepth);
        return new ManifestReader(xml, limits).Read();
    }

    private PackageManifest Read()
    {
        if (!xml.ReadElement() || xml.LocalName != "Package" || !xml.Namespace.StartsWith(NamespacePrefix, StringComparison.Ordinal))
        {
            throw Invalid.Manifest("The root of AppxManifest.xml is not Package of an MSIX manifest.");
        }

        isWindows8 = !xml.Namespace.StartsWith(Windows10Namespace, StringComparison.Ordinal);
        while (xml.ReadElementOrText(out var isText))
        {
            if (isText)
            {
                ReadText();
            }
            else
            {
                path[xml.Depth] = xml.LocalName;
                ReadElement();
            }
        }

        return Complete();
    }

    private void ReadText()
    {
        // Depth 3 is the text within Package/Properties/X or Package/Prerequisites/X; comments may split it.
        if (xml.Depth == 3 && path[1] is "Properties" or "Prerequisites")
        {
            var text = texts[path[2]].Append(xml.Text.AsSpan().Trim());
            if (text.Length > limits.ManifestTextLength)
            {
                throw Invalid.Limit($"Length of {Invalid.Quote(path[2])} in the manifest in UTF-16 units", text.Length, limits.ManifestTextLength);
            }
        }
    }

    private void ReadElement()
    {
        switch (xml.Depth, path[1], xml.Depth > 1 ? path[2] : null)
        {
            case (2, "Properties" or "Prerequisites", { } name):
                if (!texts.TryAdd(name, new()))
                {
                    throw Invalid.Manifest($"The manifest gives {Invalid.Quote(name)} twice.");
                }

                break;
            case (1, "Identity", _):
                identity = identity is null ? ReadIdentity() : throw Invalid.Manifest("The manifest has more than one Identity.");
                break;
            case (2, "Dependencies", "TargetDeviceFamily"):
                Add(families, ReadFamily());
                break;
            case (2, "Dependencies", "PackageDependency"):
                Add(dependencies, new(Required("Name"), xml["Publisher"] ?? "", Version("MinVersion", isRequired: false)));
                break;
            case (2, "Dependencies", "MainPackageDependency"):
                Add(mainPackages, (Required("Name"), xml["Publisher"]));
                break;
            case (2, "Capabilities", _):
                Add(capabilities, Required("Name"));
                break;
            case (2, "Applications", "Application"):
                Add(applications, new(Required("Id"), xml["Executable"], xml["EntryPoint"]));
                break;
        }
    }

    private void Add<T>(List<T> items, T item)
    {
        if (items.Count == limits.ManifestItems)
        {
            throw Invalid.Limit($"Number of {path[2]} elements in the manifest", items.Count + 1L, limits.ManifestItems);
        }

        items.Add(item);
    }

    private PackageIdentity ReadIdentity()
    {
        var name = Required("Name");
        var resourceId = xml["ResourceId"] ?? "";
        var architecture = (xml["ProcessorArchitecture"] ?? "neutral").ToLowerInvariant();
        if (!IdentityText.IsName(name) || (resourceId.Length > 0 && !IdentityText.IsName(resourceId)))
        {
            throw Invalid.Manifest($"Identity name {Invalid.Quote(name)} or resource id {Invalid.Quote(resourceId)} is not made of letters, digits, dots and dashes, or is kept by Windows.");
        }

        if (!IdentityText.IsArchitecture(architecture))
        {
            throw Invalid.Manifest($"Processor architecture {Invalid.Quote(architecture)} is not known.");
        }

        return new(name, Required("Publisher"), Version("Version", isRequired: true)!, architecture, resourceId);
    }

    private TargetDeviceFamily ReadFamily()
    {
        var name = Required("Name");
        return KnownFamilies.Contains(name)
            ? new(name, Version("MinVersion", isRequired: true)!, Version("MaxVersionTested", isRequired: false))
            : throw Invalid.Manifest($"Target device family {Invalid.Quote(name)} is not known.");
    }

    private PackageManifest Complete()
    {
        if (identity is null)
        {
            throw Invalid.Manifest("The manifest has no Identity.");
        }

        if (families.Count == 0 && !isWindows8)
        {
            throw Invalid.Manifest("The manifest has no TargetDeviceFamily.");
        }

        var isFramework = IsTrue("Framework");
        var isResource = IsTrue("ResourcePackage");
        if (isFramework && isResource)
        {
            throw Invalid.Manifest("The manifest says that the package is a framework and a resource package.");
        }

        return new()
        {
            Identity = identity,
            Kind = isFramework ? PackageKind.Framework : isResource ? PackageKind.Resource
                : mainPackages.Count > 0 ? PackageKind.Optional : PackageKind.Main,
            DisplayName = TextOf("DisplayName") ?? "",
            PublisherDisplayName = TextOf("PublisherDisplayName") ?? "",
            TargetDeviceFamilies = families,
            MinWindowsVersion = isWindows8 && TextOf("OSMinVersion") is { } text ? ParseOlderVersion(text) : null,
            Dependencies = dependencies,
            MainPackages = [.. mainPackages.Select(main => new PackageDependency(main.Name, main.Publisher ?? identity.Publisher, null))],
            Capabilities = capabilities,
            Applications = applications,
        };
    }

    private bool IsTrue(string property) => TextOf(property) is "true" or "1";

    private string? TextOf(string property) => texts.TryGetValue(property, out var text) ? text.ToString() : null;

    private string Required(string attribute) =>
        xml[attribute] is { Length: > 0 } value ? value : throw Invalid.Manifest($"The manifest's {path[xml.Depth]} has no {attribute}.");

    private Version? Version(string attribute, bool isRequired)
    {
        var text = xml[attribute];
        if (text is null && !isRequired)
        {
            return null;
        }

        return IdentityText.ParseVersion(text) ?? throw Invalid.Manifest(
            $"The manifest's {path[xml.Depth]} has {attribute} {Invalid.Quote(text ?? "")}; four numbers from 0 to 65535 are needed.");
    }

    // Windows 8 manifests give versions such as 6.3 and 6.2.1.
    private static Version ParseOlderVersion(string text)
    {
        for (var parts = 2; parts <= IdentityText.VersionParts; parts++)
        {
            if (IdentityText.ParseVersion(text, parts) is { } version)
            {
                return version;
            }
        }

        throw Invalid.Manifest($"The manifest's OSMinVersion is {Invalid.Quote(text)}; two to four numbers are needed.");
    }
}

using System.Text;

namespace AppAttach.TestKit.Packages;

/// <summary>A package for a <see cref="BundleBuilder"/>, with what the bundle manifest says of it, be it true or not.</summary>
/// <param name="FileName">Its path, segments separated by <c>/</c>.</param>
/// <param name="Content">Its bytes.</param>
public sealed record BundleMember(string FileName, byte[] Content)
{
    public string Type { get; init; } = "application";

    public string Version { get; init; } = "1.2.3.4";

    public string? Architecture { get; init; } = "x64";

    public string? ResourceId { get; init; }

    /// <summary>The name in the manifest, if another than in the archive.</summary>
    public string? ListedName { get; init; }

    /// <summary>The offset in the manifest, if another than the true one; empty for none.</summary>
    public string? Offset { get; init; }

    /// <summary>The size in the manifest, if another than the true one; empty for none.</summary>
    public string? Size { get; init; }

    /// <summary>More attributes.</summary>
    public string Attributes { get; init; } = "";

    /// <summary>What is in the element.</summary>
    public string Inner { get; init; } = "<Resources><Resource Language=\"en-us\"/></Resources>";

    /// <summary>Name of the element, with its prefix.</summary>
    public string Element { get; init; } = "Package";

    /// <summary>Whether the manifest lists it.</summary>
    public bool IsListed { get; init; } = true;

    /// <summary>Whether the archive has it.</summary>
    public bool IsPresent { get; init; } = true;

    /// <summary>Whether the archive has it compressed, as it should not.</summary>
    public bool IsDeflated { get; init; }

    /// <summary>An application package for an architecture, its file named after it.</summary>
    public static BundleMember Application(string architecture, int size = 1000) => new(
        $"app_{architecture}.msix",
        new PackageBuilder { Architecture = architecture }.With("app.exe", PackageBuilder.Content(size, architecture.Length)).Build())
    {
        Architecture = architecture,
    };

    /// <summary>A resource package, its file named after its resource id.</summary>
    /// <param name="resourceId">Its resource id.</param>
    /// <param name="resources"><c>Resource</c> elements.</param>
    public static BundleMember Resource(string resourceId, string resources) => new(
        $"{resourceId}.msix",
        new PackageBuilder { Architecture = "neutral", ResourceId = resourceId, IsResource = true }.With("resources.pri", resourceId).Build())
    {
        Type = "resource",
        Architecture = null,
        ResourceId = resourceId,
        Inner = $"<Resources>{resources}</Resources>",
    };

    /// <summary>The element of the bundle manifest.</summary>
    /// <param name="offset">Where the package stands.</param>
    internal string ToXml(long offset)
    {
        var xml = new StringBuilder($"<{Element}");
        void Add(string name, string? value) => xml.Append(string.IsNullOrEmpty(value) ? "" : $" {name}=\"{value}\"");

        Add("Type", Type);
        Add("Version", Version);
        Add("Architecture", Architecture);
        Add("ResourceId", ResourceId);
        Add("FileName", ListedName ?? FileName.Replace('/', '\\'));
        Add("Offset", Offset ?? FormattableString.Invariant($"{offset}"));
        Add("Size", Size ?? FormattableString.Invariant($"{Content.Length}"));
        return xml.Append($"{Attributes}>{Inner}</{Element}>").ToString();
    }
}

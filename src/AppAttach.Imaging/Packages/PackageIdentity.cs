namespace AppAttach.Imaging.Packages;

/// <summary>Who a package is: the manifest's <c>Identity</c>, checked, and the names that Windows makes of it.</summary>
/// <param name="Name">Name: letters, digits, dots and dashes.</param>
/// <param name="Publisher">Publisher, exactly as written in the manifest.</param>
/// <param name="Version">Four parts, each 0 to 65535.</param>
/// <param name="Architecture">Processor architecture in lower case: <c>x86</c>, <c>x64</c>, <c>arm</c>, <c>arm64</c>, <c>x86a64</c> or <c>neutral</c>.</param>
/// <param name="ResourceId">Resource id, or empty.</param>
public sealed record PackageIdentity(string Name, string Publisher, Version Version, string Architecture, string ResourceId)
{
    /// <summary>The publisher's thirteen characters.</summary>
    public string PublisherId => Packages.PublisherId.Of(Publisher);

    /// <summary>Full name: name, version, architecture, resource id and publisher id, joined by underscores.</summary>
    public string FullName => $"{Name}_{Version}_{Architecture}_{ResourceId}_{PublisherId}";

    /// <summary>Family name: name and publisher id, joined by an underscore.</summary>
    public string FamilyName => $"{Name}_{PublisherId}";
}

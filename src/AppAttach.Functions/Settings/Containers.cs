namespace AppAttach.Functions.Settings;

/// <summary>Names of the blob containers, the same in every deployment.</summary>
internal static class Containers
{
    /// <summary>Packages are dropped here; in the account of the connection <c>Packages</c>.</summary>
    public const string Packages = "packages";

    /// <summary>The hub; in the account of the connection <c>Images</c>.</summary>
    public const string Images = "images";

    /// <summary>The catalog; in the account of the connection <c>Images</c>.</summary>
    public const string Catalog = "catalog";
}

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Every bound that a package is held to before memory or time is spent on it. The defaults let through what Windows
/// can install; a package beyond one ends with <see cref="Defect.LimitExceeded"/>.
/// </summary>
public sealed record PackageLimits
{
    private const long Mebibyte = 1L << 20;

    /// <summary>The defaults.</summary>
    public static PackageLimits Default { get; } = new();

    /// <summary>Most parts in the archive. Default 1,000,000.</summary>
    public int Parts { get; init; } = 1_000_000;

    /// <summary>Largest central directory, in bytes; it is kept in memory, decoded. Default 128 MiB.</summary>
    public long CentralDirectoryBytes { get; init; } = 128 * Mebibyte;

    /// <summary>Longest path of a part, decoded, in UTF-16 units. Default 32,767, which is NTFS's and Windows' own.</summary>
    public int PathLength { get; init; } = 32_767;

    /// <summary>Longest segment of a path, in UTF-16 units. Default 255, which is NTFS's own.</summary>
    public int PathSegmentLength { get; init; } = 255;

    /// <summary>Most segments of a path. Default 1,024.</summary>
    public int PathDepth { get; init; } = 1_024;

    /// <summary>Largest file, uncompressed, in bytes. Default 1 TiB.</summary>
    public long FileBytes { get; init; } = 1L << 40;

    /// <summary>All files together, uncompressed, in bytes. Default 4 TiB.</summary>
    public long ContentBytes { get; init; } = 1L << 42;

    /// <summary>
    /// Most bytes that one byte of a deflated part may stand for, beyond the first 64 KiB. Deflate itself ends at 1,032, so that
    /// the default of 1,100 refuses only sizes that lie.
    /// </summary>
    public int CompressionRatio { get; init; } = 1_100;

    /// <summary>
    /// Largest compressed form of one 64 KiB block, in bytes. Deflate adds five bytes to each stretch it cannot compress, so real ones
    /// stay just above 64 KiB. Default 128 KiB.
    /// </summary>
    public int CompressedBlockBytes { get; init; } = 128 * 1024;

    /// <summary>
    /// Largest <c>AppxManifest.xml</c> or <c>AppxBundleManifest.xml</c>, in bytes. Default 4 MiB, hundreds of times what is usual; an element with as many
    /// attributes as fit takes an XML reader about a second for each MiB.
    /// </summary>
    public long ManifestBytes { get; init; } = 4 * Mebibyte;

    /// <summary>
    /// Longest text of a manifest's property, such as its display name, in UTF-16 units. Default 65,536; the manifest's schema allows 256
    /// for a name and 2,048 for the description.
    /// </summary>
    public int ManifestTextLength { get; init; } = 65_536;

    /// <summary>
    /// Largest <c>[Content_Types].xml</c>, in bytes. Default 64 MiB: a part without an extension needs an element of its own; it may also not exceed
    /// what the archive's parts can explain.
    /// </summary>
    public long ContentTypesBytes { get; init; } = 64 * Mebibyte;

    /// <summary>Largest <c>AppxBlockMap.xml</c>, in bytes. Default 1 GiB; it may also not exceed what the archive's parts can explain.</summary>
    public long BlockMapBytes { get; init; } = 1024 * Mebibyte;

    /// <summary>Largest <c>AppxSignature.p7x</c>, in bytes. Default 2 MiB, as the MSIX SDK.</summary>
    public long SignatureBytes { get; init; } = 2 * Mebibyte;

    /// <summary>Largest file that <see cref="Package.ReadFootprint"/> returns, in bytes. Default 64 MiB.</summary>
    public long FootprintBytes { get; init; } = 64 * Mebibyte;

    /// <summary>Deepest nesting of XML elements. Default 64.</summary>
    public int XmlDepth { get; init; } = 64;

    /// <summary>Most applications, dependencies, capabilities or device families that a manifest may list, each. Default 10,000.</summary>
    public int ManifestItems { get; init; } = 10_000;

    /// <summary>Most packages that a bundle's manifest may list, those of its optional bundles included. Default 10,000, which is the schema's own.</summary>
    public int BundledPackages { get; init; } = 10_000;

    /// <summary>Most resources, and device families, of one package of a bundle. Default 200, which is the schema's own for resources.</summary>
    public int BundledResources { get; init; } = 200;
}

using AppAttach.Imaging.Signatures;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// An MSIX package: its identity, its files, and their content in one pass. Opening reads the end of the archive, its directory, block
/// map and manifest, and holds them against each other; local headers and content are checked while the content is read.
/// </summary>
public sealed class Package
{
    private readonly PackageArchive archive;
    private PackagePart[]? fileParts;

    private Package(PackageArchive archive, PackageManifest manifest)
    {
        (this.archive, Manifest) = (archive, manifest);
        Files = [.. archive.Parts.Where(part => part.File is not null).Select(part => part.File!)];
        ContentSizeBytes = Files.Sum(file => file.SizeBytes);
    }

    /// <summary>What the manifest says.</summary>
    public PackageManifest Manifest { get; }

    /// <summary>Who the package is.</summary>
    public PackageIdentity Identity => Manifest.Identity;

    /// <summary>Every file that the package lays down, in the order of the archive: all its parts but <c>[Content_Types].xml</c>.</summary>
    public IReadOnlyList<PackageFile> Files { get; }

    /// <summary>Size of all files together, in bytes.</summary>
    public long ContentSizeBytes { get; }

    /// <summary>Size of the package itself, in bytes.</summary>
    public long PackedSizeBytes => archive.SizeBytes;

    /// <summary>Whether the package carries a signature; says nothing about what it is worth.</summary>
    public bool IsSigned => archive.IsSigned;

    /// <summary>Identifier of the hash of the block map, such as <c>http://www.w3.org/2001/04/xmlenc#sha256</c>.</summary>
    public string HashMethod => archive.BlockMap.Method.Identifier;

    /// <summary>Digest of the block map, by <see cref="HashMethod"/>: it stands for the content of every file that the block map lists.</summary>
    internal ReadOnlyMemory<byte> BlockMapDigest => archive.BlockMapDigest;

    /// <summary>Opens a package.</summary>
    /// <param name="stream">Readable and seekable; stays the caller's, and must not be used by others while the package reads from it.</param>
    /// <param name="limits">Bounds to hold it to, or null for the defaults.</param>
    /// <exception cref="InvalidInputException">
    /// The package is not one, or is broken; the message says how. A bundle is not one either: <see cref="Bundles.Bundle.Open"/>.
    /// </exception>
    /// <exception cref="ArgumentException">The stream cannot be read and sought.</exception>
    public static Package Open(Stream stream, PackageLimits? limits = null)
    {
        var archive = PackageArchive.Open(stream, isBundle: false, limits);
        using var manifest = new MemoryStream(archive.ReadManifest(), writable: false);
        return new(archive, ManifestReader.Read(manifest, archive.Limits));
    }

    /// <summary>Reads one small file, such as the signature or the manifest, checked against the block map or its CRC.</summary>
    /// <param name="path">Its path, segments separated by <c>/</c>; <c>[Content_Types].xml</c> is allowed too.</param>
    /// <returns>The content, or null if the package has no such file.</returns>
    /// <exception cref="InvalidInputException">The content is not what the package promises, or exceeds <see cref="PackageLimits.FootprintBytes"/>.</exception>
    public byte[]? ReadFootprint(string path) => archive.ReadFootprint(path);

    /// <summary>The hash of one small file that no block map covers; <see cref="PackageArchive.HashFootprint"/>.</summary>
    internal byte[]? HashFootprint(string path) => archive.HashFootprint(path);

    /// <summary>Starts to read all content in one pass over the package, from its first byte to its last.</summary>
    /// <param name="workers">Threads that inflate and hash; 0 for one a processor.</param>
    /// <param name="cancellation">Ends the pass early.</param>
    /// <returns>The content; only one such pass at a time.</returns>
    /// <exception cref="InvalidInputException">The package has changed its length since it was opened.</exception>
    public PackageContentReader ReadContent(int workers = 0, CancellationToken cancellation = default) =>
        archive.ReadContent(workers, cancellation);

    /// <summary>The block map.</summary>
    internal BlockMap BlockMap => archive.BlockMap;

    /// <summary>A file's blocks in the block map; null for the few files that it does not list.</summary>
    internal BlockMapFile? BlocksOf(PackageFile file) => (fileParts ??= [.. archive.Parts.Where(part => part.File is not null)])[file.Index].Blocks;

    /// <summary>What a signature is held against; <see cref="PackageArchive.ReadSignedContent"/>.</summary>
    internal SignedContent? ReadSignedContent(PackageContentReader? content) =>
        archive.ReadSignedContent(content?.ArchiveDigests, Identity.Publisher);
}

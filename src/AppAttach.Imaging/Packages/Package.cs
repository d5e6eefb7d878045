using AppAttach.Imaging.Signatures;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// An MSIX package: its identity, its files, and their content in one pass. Opening reads the end of the archive, its directory, block
/// map and manifest, and holds them against each other; local headers and content are checked while the content is read.
/// </summary>
public sealed class Package
{
    private readonly Stream stream;
    private readonly PackageLimits limits;
    private readonly PartReader reader;
    private readonly BlockMap blockMap;
    private readonly List<PackagePart> parts;
    private readonly CentralDirectoryRange directory;
    private readonly FootprintDigests? footprintDigests;

    private Package(
        Stream stream, long packedSizeBytes, PackageLimits limits, PartReader reader, CentralDirectoryRange directory,
        BlockMap blockMap, List<PackagePart> parts, PackageManifest manifest, FootprintDigests? footprintDigests)
    {
        (this.stream, PackedSizeBytes, this.limits, this.reader) = (stream, packedSizeBytes, limits, reader);
        (this.directory, this.blockMap, this.parts, Manifest) = (directory, blockMap, parts, manifest);
        this.footprintDigests = footprintDigests;
        Files = [.. parts.Where(part => part.File is not null).Select(part => part.File!)];
        ContentSizeBytes = Files.Sum(file => file.SizeBytes);
        IsSigned = parts.Exists(part => part.Zip.Path == PartName.Signature);
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
    public long PackedSizeBytes { get; }

    /// <summary>Whether the package carries a signature; says nothing about what it is worth.</summary>
    public bool IsSigned { get; }

    /// <summary>Identifier of the hash of the block map, such as <c>http://www.w3.org/2001/04/xmlenc#sha256</c>.</summary>
    public string HashMethod => blockMap.Method.Identifier;

    /// <summary>Opens a package.</summary>
    /// <param name="stream">Readable and seekable; stays the caller's, and must not be used by others while the package reads from it.</param>
    /// <param name="limits">Bounds to hold it to, or null for the defaults.</param>
    /// <exception cref="InvalidInputException">The package is not one, or is broken; the message says how.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read and sought.</exception>
    public static Package Open(Stream stream, PackageLimits? limits = null)
    {
        if (!stream.CanRead || !stream.CanSeek)
        {
            throw new ArgumentException("A package is opened from a stream that can be read and sought.", nameof(stream));
        }

        limits ??= PackageLimits.Default;
        var window = new StreamWindow(stream);
        var directory = CentralDirectoryRange.Read(window);
        var zipParts = CentralDirectoryReader.Read(window, directory, limits);
        PartTree.Check(zipParts);
        var reader = new PartReader(window, directory);

        var (contentTypes, blockMapPart) = FindFootprint(zipParts);
        CheckLimit(contentTypes, limits.ContentTypesBytes);
        var isSigned = zipParts.Exists(part => part.Path == PartName.Signature);
        using var contentTypesHash = isSigned ? new MultiHash() : null;
        using (var plain = reader.OpenContent(contentTypes))
        using (var content = new HashedReadStream(plain, contentTypesHash))
        {
            ContentTypesReader.Check(content, limits);
            content.Drain();
        }

        CheckLimit(blockMapPart, Math.Min(limits.BlockMapBytes, PlausibleBlockMapBytes(zipParts)));
        BlockMap blockMap;
        using var blockMapHash = isSigned ? new MultiHash() : null;
        using (var plain = reader.OpenContent(blockMapPart))
        using (var content = new HashedReadStream(plain, blockMapHash))
        {
            blockMap = BlockMapReader.Read(content, limits);
            content.Drain();
        }

        var footprintDigests = isSigned ? new FootprintDigests(contentTypesHash!.Take(blockMap.Method), blockMapHash!.Take(blockMap.Method)) : null;

        var parts = PartBinding.Bind(zipParts, blockMap, limits);
        var manifest = ReadManifest(reader, parts, blockMap, limits);
        return new(stream, window.LengthBytes, limits, reader, directory, blockMap, parts, manifest, footprintDigests);
    }

    /// <summary>Reads one small file, such as the signature or the manifest, checked against the block map or its CRC.</summary>
    /// <param name="path">Its path, segments separated by <c>/</c>; <c>[Content_Types].xml</c> is allowed too.</param>
    /// <returns>The content, or null if the package has no such file.</returns>
    /// <exception cref="InvalidInputException">The content is not what the package promises, or exceeds <see cref="PackageLimits.FootprintBytes"/>.</exception>
    public byte[]? ReadFootprint(string path)
    {
        var part = parts.Find(candidate => candidate.Zip.Path == path);
        if (part is null)
        {
            return null;
        }

        CheckLimit(part.Zip, limits.FootprintBytes);
        return reader.ReadAll(part, blockMap);
    }

    /// <summary>Starts to read all content in one pass over the package, from its first byte to its last.</summary>
    /// <param name="workers">Threads that inflate and hash; 0 for one a processor.</param>
    /// <param name="cancellation">Ends the pass early.</param>
    /// <returns>The content; only one such pass at a time.</returns>
    /// <exception cref="InvalidInputException">The package has changed its length since it was opened.</exception>
    public PackageContentReader ReadContent(int workers = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        if (stream.Length != PackedSizeBytes)
        {
            throw Invalid.Zip($"The package had {PackedSizeBytes} bytes when it was opened and has {stream.Length} now.");
        }

        return new(stream, PackedSizeBytes, directory, parts, blockMap, workers == 0 ? Environment.ProcessorCount : workers, cancellation);
    }

    /// <summary>What a signature is held against; reads the signature and the catalogue.</summary>
    /// <param name="content">A pass that has come to its end, or null: then the digest over the parts is not known, and the directory is read anew.</param>
    /// <returns>The signed content, or null if the package is not signed.</returns>
    /// <exception cref="InvalidInputException">The signature or the catalogue cannot be read.</exception>
    internal SignedContent? ReadSignedContent(PackageContentReader? content)
    {
        if (footprintDigests is null)
        {
            return null;
        }

        var isLast = parts[^1].Zip.Path == PartName.Signature;
        byte[]? quickDirectoryDigest = null;
        if (content is null && isLast)
        {
            var position = directory.OffsetBytes;
            void Read(Span<byte> bytes)
            {
                reader.Window.Read(position, bytes);
                position += bytes.Length;
            }

            quickDirectoryDigest = DirectoryDigest.Compute(Read, directory, parts[^1].Zip.OffsetBytes, blockMap.Method);
        }

        var catalogue = ReadFootprint(PartName.CodeIntegrity);
        return new()
        {
            Signature = ReadFootprint(PartName.Signature)!,
            IsSignatureLast = isLast,
            IsBundle = false,
            Publisher = Identity.Publisher,
            Method = blockMap.Method,
            PartsDigest = content?.ArchiveDigests?.Parts,
            DirectoryDigest = content?.ArchiveDigests?.Directory ?? quickDirectoryDigest,
            GapOffsetBytes = content?.ArchiveDigests?.GapOffsetBytes,
            ContentTypesDigest = footprintDigests.ContentTypes,
            BlockMapDigest = footprintDigests.BlockMap,
            CatalogueDigest = catalogue is null ? null : blockMap.Method.Compute(catalogue),
        };
    }

    private static (ZipPart ContentTypes, ZipPart BlockMap) FindFootprint(List<ZipPart> parts)
    {
        ZipPart? Find(string path) => parts.Find(part => part.Path == path);
        var contentTypes = Find(PartName.ContentTypes) ?? throw new InvalidInputException(
            Defect.ContentTypesMissing, "The archive has no [Content_Types].xml, so it is no MSIX package.");
        var blockMap = Find(PartName.BlockMap) ?? throw new InvalidInputException(
            Defect.BlockmapMissing, "The package has no AppxBlockMap.xml; without it its content cannot be checked.");
        var hasManifest = Find(PartName.Manifest) is not null;
        if (Find(PartName.BundleManifest) is not null)
        {
            throw hasManifest
                ? new InvalidInputException(Defect.BundleInvalid, "The archive has a package manifest and a bundle manifest; only one may be there.")
                : new InvalidInputException(Defect.NotAPackage, "This is a bundle of packages. Unpack it and use the package inside that fits the hosts.");
        }

        return hasManifest
            ? (contentTypes, blockMap)
            : throw new InvalidInputException(Defect.ManifestMissing, "The package has no AppxManifest.xml.");
    }

    private static PackageManifest ReadManifest(PartReader reader, List<PackagePart> parts, BlockMap blockMap, PackageLimits limits)
    {
        var signature = parts.Find(part => part.Zip.Path == PartName.Signature);
        if (signature is not null)
        {
            CheckLimit(signature.Zip, limits.SignatureBytes);
        }

        var part = parts.Find(part => part.Zip.Path == PartName.Manifest)!;
        CheckLimit(part.Zip, limits.ManifestBytes);
        using var content = new MemoryStream(reader.ReadAll(part, blockMap), writable: false);
        return ManifestReader.Read(content, limits);
    }

    // An XML reader keeps a whole attribute in memory; a block map larger than its parts explain is refused before it is read.
    private static long PlausibleBlockMapBytes(List<ZipPart> parts)
    {
        const long fixedBytes = 1 << 20;
        const long bytesPerPart = 1 << 10;
        const long bytesPerCharacter = 16;
        const long bytesPerBlock = 1 << 10;
        return fixedBytes + parts.Sum(part =>
            bytesPerPart + (part.Path.Length * bytesPerCharacter) + (((part.SizeBytes / BlockMap.BlockBytes) + 1) * bytesPerBlock));
    }

    private static void CheckLimit(ZipPart part, long limit)
    {
        if (part.SizeBytes > limit)
        {
            throw Invalid.Limit($"Size of {part.Path} in bytes", part.SizeBytes, limit);
        }
    }
}

using System.Security.Cryptography;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// The archive of a package or of a bundle: its directory, content types and block map, read and held against each other. What the manifest says
/// is for <see cref="Package"/> and <see cref="Bundles.Bundle"/>.
/// </summary>
internal sealed class PackageArchive
{
    private readonly Stream stream;
    private readonly PartReader reader;
    private readonly CentralDirectoryRange directory;
    private readonly FootprintDigests footprintDigests;
    private Func<bool> isPassUnderWay = () => false;

    private PackageArchive(
        Stream stream, long sizeBytes, bool isBundle, PackageLimits limits, PartReader reader, CentralDirectoryRange directory, BlockMap blockMap,
        List<PackagePart> parts, FootprintDigests footprintDigests)
    {
        (this.stream, SizeBytes, IsBundle, Limits, this.reader) = (stream, sizeBytes, isBundle, limits, reader);
        (this.directory, BlockMap, Parts, this.footprintDigests) = (directory, blockMap, parts, footprintDigests);
    }

    /// <summary>Whether it is a bundle.</summary>
    public bool IsBundle { get; }

    /// <summary>Size of the archive, in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>What it is held to.</summary>
    public PackageLimits Limits { get; }

    /// <summary>Reads single parts, while no pass over the content is under way.</summary>
    /// <exception cref="InvalidOperationException">One is.</exception>
    public PartReader Reader
    {
        get
        {
            RequireNoPass();
            return reader;
        }
    }

    /// <summary>The block map.</summary>
    public BlockMap BlockMap { get; }

    /// <summary>All parts, in their order in the archive.</summary>
    public List<PackagePart> Parts { get; }

    /// <summary>Whether there is a signature.</summary>
    public bool IsSigned => Parts.Exists(part => part.Zip.Path == PartName.Signature);

    /// <summary>Digest of the block map, by its own method.</summary>
    public byte[] BlockMapDigest => footprintDigests.BlockMap;

    /// <summary>Whether the signature is the last part, so that it can cover all others.</summary>
    public bool IsSignatureLast => Parts[^1].Zip.Path == PartName.Signature;

    /// <summary>Opens an archive of the kind given.</summary>
    /// <exception cref="InvalidInputException">The archive is not one, is of the other kind, or is broken.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read and sought.</exception>
    public static PackageArchive Open(Stream stream, bool isBundle, PackageLimits? limits)
    {
        limits ??= PackageLimits.Default;
        var (window, directory, zipParts) = ReadDirectory(stream, limits);

        // Sorting the names and parsing the block map take the longest, and know nothing of each other.
        var names = Task.Run(() => PartTree.Check(zipParts));
        var reader = new PartReader(window, directory);
        BlockMap blockMap;
        FootprintDigests digests;
        try
        {
            (blockMap, digests) = ReadBlockMap(reader, zipParts, isBundle, limits);
        }
        catch (InvalidInputException)
        {
            names.GetAwaiter().GetResult();
            throw;
        }

        names.GetAwaiter().GetResult();

        // A bundle's block map has the bundle manifest only: the packages inside have block maps of their own.
        Predicate<string> isOutside = isBundle ? static path => path != PartName.BundleManifest : PartName.IsOutsideBlockMap;
        var parts = PartBinding.Bind(zipParts, blockMap, isOutside, limits);
        blockMap.ForgetFiles();
        return new(stream, window.LengthBytes, isBundle, limits, reader, directory, blockMap, parts, digests);
    }

    private static (BlockMap BlockMap, FootprintDigests Digests) ReadBlockMap(
        PartReader reader, List<ZipPart> zipParts, bool isBundle, PackageLimits limits)
    {
        var (contentTypes, blockMapPart) = FindFootprint(zipParts, isBundle);
        CheckLimit(contentTypes, Math.Min(limits.ContentTypesBytes, PlausibleContentTypesBytes(zipParts)));
        using var contentTypesHash = new MultiHash();
        using (var plain = reader.OpenContent(contentTypes))
        using (var content = new HashedReadStream(plain, contentTypesHash))
        {
            ContentTypesReader.Check(content, limits);
            content.Drain();
        }

        CheckLimit(blockMapPart, Math.Min(limits.BlockMapBytes, PlausibleBlockMapBytes(zipParts)));
        BlockMap blockMap;
        using var blockMapHash = new MultiHash();
        using (var plain = reader.OpenContent(blockMapPart))
        using (var content = new HashedReadStream(plain, blockMapHash))
        {
            blockMap = BlockMapReader.Read(content, limits, method => blockMapHash?.Keep(method));
            content.Drain();
        }

        return (blockMap, new FootprintDigests(contentTypesHash.Take(blockMap.Method), blockMapHash.Take(blockMap.Method)));
    }

    /// <summary>Whether an archive has a bundle manifest; only its directory is read.</summary>
    /// <exception cref="InvalidInputException">It is no archive, or its directory is broken.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read and sought.</exception>
    public static bool HasBundleManifest(Stream stream, PackageLimits? limits) =>
        ReadDirectory(stream, limits ?? PackageLimits.Default).Parts.Exists(part => part.Path == PartName.BundleManifest);

    /// <summary>The manifest's content, checked against the block map.</summary>
    /// <exception cref="InvalidInputException">It is too large or not what the block map says, or the signature is too large.</exception>
    public byte[] ReadManifest()
    {
        if (Parts.Find(part => part.Zip.Path == PartName.Signature) is { } signature)
        {
            CheckLimit(signature.Zip, Limits.SignatureBytes);
        }

        var path = IsBundle ? PartName.BundleManifest : PartName.Manifest;
        var part = Parts.Find(part => part.Zip.Path == path)!;
        CheckLimit(part.Zip, Limits.ManifestBytes);
        return Reader.ReadAll(part, BlockMap);
    }

    /// <summary>Reads one small file; <see cref="Package.ReadFootprint"/>.</summary>
    public byte[]? ReadFootprint(string path)
    {
        var part = Parts.Find(candidate => candidate.Zip.Path == path);
        if (part is null)
        {
            return null;
        }

        CheckLimit(part.Zip, Limits.FootprintBytes);
        return Reader.ReadAll(part, BlockMap);
    }

    /// <summary>The hash of one small file that no block map covers, by the block map's method, without holding it.</summary>
    /// <returns>The hash, or null if there is no such file.</returns>
    /// <exception cref="InvalidInputException">The content is not what the archive's directory says, or the file is too large.</exception>
    public byte[]? HashFootprint(string path)
    {
        if (Parts.Find(candidate => candidate.Zip.Path == path) is not { } part)
        {
            return null;
        }

        CheckLimit(part.Zip, Limits.FootprintBytes);
        using var hash = IncrementalHash.CreateHash(BlockMap.Method.Algorithm);
        using var content = Reader.OpenContent(part.Zip);
        var buffer = new byte[Packages.BlockMap.BlockBytes];
        for (var count = content.Read(buffer); count > 0; count = content.Read(buffer))
        {
            hash.AppendData(buffer, 0, count);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Starts to read all content in one pass; <see cref="Package.ReadContent"/>.</summary>
    public PackageContentReader ReadContent(int workers, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        if (stream.Length != SizeBytes)
        {
            throw Invalid.Zip($"The package had {SizeBytes} bytes when it was opened and has {stream.Length} now.");
        }

        RequireNoPass();
        var pass = new PackageContentReader(stream, SizeBytes, directory, Parts, BlockMap, workers == 0 ? Environment.ProcessorCount : workers, cancellation);
        isPassUnderWay = () => pass.HasStream;
        return pass;
    }

    /// <summary>What a signature is held against; reads the signature and the catalogue.</summary>
    /// <param name="digests">What a pass that has come to its end found; or null: then the digest over the parts is not known, and the directory is read anew.</param>
    /// <param name="publisher">Publisher as the manifest has it.</param>
    /// <returns>The signed content, or null if there is no signature.</returns>
    /// <exception cref="InvalidInputException">The signature or the catalogue cannot be read.</exception>
    public SignedContent? ReadSignedContent(ArchiveDigests? digests, string publisher)
    {
        if (!IsSigned)
        {
            return null;
        }

        return new()
        {
            Signature = ReadFootprint(PartName.Signature)!,
            IsSignatureLast = IsSignatureLast,
            IsBundle = IsBundle,
            Publisher = publisher,
            Method = BlockMap.Method,
            PartsDigest = digests?.Parts,
            DirectoryDigest = digests?.Directory ?? (IsSignatureLast ? ComputeDirectoryDigest() : null),
            GapOffsetBytes = digests?.GapOffsetBytes,
            ContentTypesDigest = footprintDigests.ContentTypes,
            BlockMapDigest = footprintDigests.BlockMap,
            CatalogueDigest = HashFootprint(PartName.CodeIntegrity),
        };
    }

    /// <summary>The digest <c>AXCD</c>, of the directory, read anew; the signature must be the last part.</summary>
    /// <exception cref="InvalidInputException">The directory has changed.</exception>
    public byte[] ComputeDirectoryDigest()
    {
        using var end = new WindowSection(Reader.Window, directory.OffsetBytes, SizeBytes - directory.OffsetBytes);
        return DirectoryDigest.Compute(end.ReadWhole, directory, Parts[^1].Zip.OffsetBytes, BlockMap.Method);
    }

    /// <summary>Reads every local header, so that each part's true end is known; gives where the first bytes stand that belong to no part, or null.</summary>
    /// <exception cref="InvalidInputException">A local header is not what the directory says, or a part runs into the next.</exception>
    public long? FindGap()
    {
        var (end, gap) = (0L, (long?)null);
        for (var index = 0; index < Parts.Count; index++)
        {
            var part = Parts[index].Zip;
            var limit = index + 1 < Parts.Count ? Parts[index + 1].Zip.OffsetBytes : directory.OffsetBytes;
            gap ??= end < part.OffsetBytes ? end : null;
            var dataEnd = Reader.FindData(part) + part.CompressedSizeBytes;
            if (dataEnd > limit)
            {
                throw Invalid.Zip($"Part {Invalid.Quote(part.Path)} runs over byte {limit}, where the next part or the directory starts.");
            }

            end = Math.Min(limit, dataEnd + directory.DescriptorBytes(part));
        }

        return gap ?? (end < directory.OffsetBytes ? end : null);
    }

    private static (StreamWindow Window, CentralDirectoryRange Directory, List<ZipPart> Parts) ReadDirectory(Stream stream, PackageLimits limits)
    {
        if (!stream.CanRead || !stream.CanSeek)
        {
            throw new ArgumentException("A package is opened from a stream that can be read and sought.", nameof(stream));
        }

        var window = new StreamWindow(stream);
        var directory = CentralDirectoryRange.Read(window);
        return (window, directory, CentralDirectoryReader.Read(window, directory, limits));
    }

    private static (ZipPart ContentTypes, ZipPart BlockMap) FindFootprint(List<ZipPart> parts, bool isBundle)
    {
        ZipPart? Find(string path) => parts.Find(part => part.Path == path);
        var contentTypes = Find(PartName.ContentTypes) ?? throw new InvalidInputException(
            Defect.ContentTypesMissing, "The archive has no [Content_Types].xml, so it is no MSIX package.");
        var blockMap = Find(PartName.BlockMap) ?? throw new InvalidInputException(
            Defect.BlockmapMissing, "The package has no AppxBlockMap.xml; without it its content cannot be checked.");
        var hasManifest = Find(PartName.Manifest) is not null;
        var hasBundleManifest = Find(PartName.BundleManifest) is not null;
        if (hasManifest && hasBundleManifest)
        {
            throw Invalid.Bundle("The archive has a package manifest and a bundle manifest; only one may be there.");
        }

        if (isBundle ? hasManifest : hasBundleManifest)
        {
            throw new InvalidInputException(Defect.NotAPackage, isBundle
                ? "This is a package, not a bundle of packages."
                : "This is a bundle of packages, not a package. Use one of the packages inside.");
        }

        if (!isBundle && parts.Find(part => part.Path.StartsWith(PartName.StubFolder, StringComparison.Ordinal)) is { } stub)
        {
            throw Invalid.Name($"Part name {Invalid.Quote(stub.Path)} lies in a folder that is kept for bundles.");
        }

        return hasManifest || hasBundleManifest
            ? (contentTypes, blockMap)
            : throw new InvalidInputException(
                Defect.ManifestMissing, isBundle ? $"The bundle has no {PartName.BundleManifest}." : "The package has no AppxManifest.xml.");
    }

    // An XML reader keeps a whole element in memory; what is larger than the archive's parts explain is refused before it is read.
    private static long PlausibleContentTypesBytes(List<ZipPart> parts)
    {
        const long fixedBytes = 1 << 20;
        const long bytesPerPart = 1 << 10;
        const long bytesPerCharacter = 16;
        return fixedBytes + parts.Sum(part => bytesPerPart + (part.Path.Length * bytesPerCharacter));
    }

    private static long PlausibleBlockMapBytes(List<ZipPart> parts)
    {
        const long bytesPerBlock = 1 << 10;
        return PlausibleContentTypesBytes(parts) + parts.Sum(part => ((part.SizeBytes / BlockMap.BlockBytes) + 1) * bytesPerBlock);
    }

    // Two readers of one stream would each read what the other one came to, and find a sound package broken.
    private void RequireNoPass()
    {
        if (isPassUnderWay())
        {
            throw new InvalidOperationException("Something else of a package was to be read while a pass over its content is under way.");
        }
    }

    private static void CheckLimit(ZipPart part, long limit)
    {
        if (part.SizeBytes > limit)
        {
            throw Invalid.Limit($"Size of {part.Path} in bytes", part.SizeBytes, limit);
        }
    }
}

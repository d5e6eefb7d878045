using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Signatures;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// An MSIX bundle: packages of one application for several architectures, languages and scales, in one file (<c>.msixbundle</c>, <c>.appxbundle</c>) or,
/// as a flat bundle, in files beside it. Opening reads the bundle's directory, block map and manifest, opens each package, and holds all of them against each
/// other (<see cref="BundleRules"/>); content is checked when it is read.
/// </summary>
public sealed class Bundle : IDisposable
{
    private readonly SharedStream shared;
    private readonly PackageArchive archive;
    private readonly Func<string, Stream?>? openBeside;
    private readonly Dictionary<string, ZipPart> parts;
    private readonly Dictionary<string, (Stream Stream, SharedStream Shared)> beside = new(StringComparer.Ordinal);
    private readonly long? gapOffsetBytes;
    private bool isDisposed;

    private Bundle(SharedStream shared, PackageArchive archive, BundleManifest manifest, Func<string, Stream?>? openBeside)
    {
        (this.shared, this.archive, Manifest, this.openBeside) = (shared, archive, manifest, openBeside);
        gapOffsetBytes = archive.FindGap();
        parts = archive.Parts.ToDictionary(part => part.Zip.Path, part => part.Zip, StringComparer.Ordinal);
    }

    /// <summary>What the bundle manifest says.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>Who the bundle is; its full name has <c>neutral</c> and <c>~</c> for architecture and resource id.</summary>
    public PackageIdentity Identity => Manifest.Identity;

    /// <summary>Its packages, in the order of the manifest.</summary>
    public IReadOnlyList<BundledPackage> Packages { get; private set; } = [];

    /// <summary>Whether packages lie beside the bundle.</summary>
    public bool IsFlat => Packages.Any(package => package.IsBeside);

    /// <summary>Size of the bundle's own file, in bytes.</summary>
    public long PackedSizeBytes => archive.SizeBytes;

    /// <summary>Whether the bundle carries a signature; says nothing about what it is worth.</summary>
    public bool IsSigned => archive.IsSigned;

    /// <summary>Identifier of the hash of the bundle's block map, such as <c>http://www.w3.org/2001/04/xmlenc#sha256</c>.</summary>
    public string HashMethod => archive.BlockMap.Method.Identifier;

    /// <summary>Whether an archive is a bundle rather than a package, whatever its file is called; reads only the archive's directory.</summary>
    /// <param name="stream">Readable and seekable.</param>
    /// <param name="limits">Bounds to hold it to, or null for the defaults.</param>
    /// <exception cref="InvalidInputException">It is no archive, or its directory is broken.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read and sought.</exception>
    public static bool IsBundle(Stream stream, PackageLimits? limits = null) => PackageArchive.HasBundleManifest(stream, limits);

    /// <summary>Opens a bundle and every package in it.</summary>
    /// <param name="stream">Readable and seekable; stays the caller's, and must not be used by others while the bundle or a package of it reads from it.</param>
    /// <param name="openBeside">
    /// Opens a file of the folder that the bundle lies in, for flat bundles; gives null if there is no such file. The names it is asked for are
    /// safe: a single name without separators, or one below <c>AppxMetadata/Stub/</c>. Readable and seekable streams; the bundle disposes of them. Null: packages beside the bundle are refused.
    /// </param>
    /// <param name="limits">Bounds to hold bundle and packages to, or null for the defaults.</param>
    /// <exception cref="InvalidInputException">The bundle is not one, or it or a package of it is broken; the message says how. Packages keep their own codes.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read and sought.</exception>
    public static Bundle Open(Stream stream, Func<string, Stream?>? openBeside = null, PackageLimits? limits = null)
    {
        if (!stream.CanRead || !stream.CanSeek)
        {
            throw new ArgumentException("A bundle is opened from a stream that can be read and sought.", nameof(stream));
        }

        var shared = new SharedStream(stream);
        var archive = PackageArchive.Open(shared.Section(0, shared.LengthBytes), isBundle: true, limits);
        using var content = new MemoryStream(archive.ReadManifest(), writable: false);
        var manifest = BundleManifestReader.Read(content, archive.Limits);
        BundleRules.CheckEntries(manifest);
        var bundle = new Bundle(shared, archive, manifest, openBeside);
        BundleRules.CheckParts(manifest, bundle.parts);
        bundle.Packages = [.. manifest.Packages.Select(bundle.Inspect)];
        return bundle;
    }

    /// <summary>Reads one small file of the bundle's own, such as its signature or manifest, checked against the block map or its CRC.</summary>
    /// <param name="path">Its path, segments separated by <c>/</c>.</param>
    /// <returns>The content, or null if the bundle has no such file.</returns>
    /// <exception cref="InvalidInputException">The content is not what the bundle promises, or exceeds <see cref="PackageLimits.FootprintBytes"/>.</exception>
    public byte[]? ReadFootprint(string path) => archive.ReadFootprint(path);

    /// <summary>
    /// Starts a pass over the bundle's own file, as its digest and signature need it. Read the packages that are wanted, then complete the pass: it hashes
    /// along the way. What is in the packages is checked by a pass over each (<see cref="Package.ReadContent"/>).
    /// </summary>
    /// <param name="cancellation">Ends the pass early.</param>
    /// <returns>The pass; one at a time.</returns>
    /// <exception cref="InvalidOperationException">Another pass is under way.</exception>
    public BundlePass StartPass(CancellationToken cancellation = default) => new(shared, archive, gapOffsetBytes, cancellation);

    /// <summary>Closes the files beside the bundle; its own stream stays the caller's.</summary>
    public void Dispose()
    {
        lock (beside)
        {
            isDisposed = true;
            foreach (var (stream, _) in beside.Values)
            {
                stream.Dispose();
            }

            beside.Clear();
        }
    }

    /// <summary>What the bundle's signature is held against; <see cref="PackageArchive.ReadSignedContent"/>.</summary>
    internal SignedContent? ReadSignedContent(BundlePass? pass) => archive.ReadSignedContent(pass?.ArchiveDigests, Identity.Publisher);

    private BundledPackage Inspect(BundleEntry entry)
    {
        if (parts.TryGetValue(entry.FileName, out var part))
        {
            var offset = archive.Reader.FindData(part);
            BundleRules.CheckPlace(entry, part, offset);
            Package OpenInside() => OpenPackage(entry, shared.Section(offset, part.SizeBytes));
            return new(entry, isBeside: false, OpenInside(), () => IsOpen() ? OpenInside() : throw new ObjectDisposedException(nameof(Bundle)));
        }

        // Only a look now: of ten thousand files beside the bundle none stays open.
        using var stream = OpenBeside(entry);
        return new(entry, isBeside: true, OpenPackage(entry, new SharedStream(stream)), () => OpenPackage(entry, KeepBeside(entry)));
    }

    private bool IsOpen()
    {
        lock (beside)
        {
            return !isDisposed;
        }
    }

    private Package OpenPackage(BundleEntry entry, SharedStream file)
    {
        BundleRules.CheckSize(entry, file.LengthBytes);
        return OpenPackage(entry, file.Section(0, file.LengthBytes));
    }

    private Package OpenPackage(BundleEntry entry, StreamSection section)
    {
        Package package;
        try
        {
            package = Package.Open(section, archive.Limits);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException(
                exception.Defect, $"Package {Invalid.Quote(entry.FileName)} of the bundle: {exception.Message}", exception);
        }

        BundleRules.CheckPackage(Manifest, entry, package);
        return package;
    }

    private SharedStream KeepBeside(BundleEntry entry)
    {
        lock (beside)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (!beside.TryGetValue(entry.FileName, out var file))
            {
                var stream = OpenBeside(entry);
                beside.Add(entry.FileName, file = (stream, new(stream)));
            }

            return file.Shared;
        }
    }

    private Stream OpenBeside(BundleEntry entry)
    {
        if (openBeside is null)
        {
            throw Invalid.Bundle(
                $"Package {Invalid.Quote(entry.FileName)} lies beside the bundle (a flat bundle), where it cannot be read from. Use a bundle that holds its packages.");
        }

        return openBeside(entry.FileName) ??
            throw Invalid.Bundle($"The bundle manifest lists package {Invalid.Quote(entry.FileName)}, which is neither in the bundle nor beside it.");
    }
}

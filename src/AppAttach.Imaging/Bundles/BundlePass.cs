using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// One pass over a bundle's own file, for its digest and its signature: hashes the file while packages in it are read, and reads the rest itself. If the packages are read whole and in
/// the order of the archive, as for an image, each byte of the bundle is read once; any other order gives the same digests and costs more reads. Memory: one buffer of 1 MiB.
/// </summary>
public sealed class BundlePass : IDisposable
{
    private readonly SharedStream shared;
    private readonly PackageArchive archive;
    private readonly ForwardHash hash;
    private readonly long? gapOffsetBytes;
    private byte[]? digest;

    internal BundlePass(SharedStream shared, PackageArchive archive, long? gapOffsetBytes, CancellationToken cancellation)
    {
        (this.shared, this.archive, this.gapOffsetBytes) = (shared, archive, gapOffsetBytes);
        hash = new(archive.IsSignatureLast ? archive.BlockMap.Method : null, archive.Parts[^1].Zip.OffsetBytes);
        shared.StartPass(hash, cancellation);
    }

    /// <summary>SHA-256 of the bundle's own file; there once <see cref="Complete"/> has returned.</summary>
    /// <exception cref="InvalidOperationException">The pass has not come to its end.</exception>
    public ReadOnlyMemory<byte> BundleDigest =>
        digest ?? throw new InvalidOperationException("The digest of a bundle is there when all of it has been read.");

    /// <summary>Whether the bundle has been read to its last byte.</summary>
    internal bool IsAtEnd => digest is not null;

    /// <summary>What a signature covers of the archive itself; null before the end, and without a signature at the end.</summary>
    internal ArchiveDigests? ArchiveDigests { get; private set; }

    /// <summary>Reads whatever was not read while packages were, to the bundle's last byte. Asked for once, when no package is being read.</summary>
    /// <exception cref="InvalidInputException">The bundle has become shorter since it was opened.</exception>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    public void Complete()
    {
        shared.ReadToEnd();
        if (hash.PrefixDigest is { } parts)
        {
            ArchiveDigests = new(parts, archive.ComputeDirectoryDigest(), gapOffsetBytes);
        }

        digest = hash.Finish();
        shared.EndPass(hash);
    }

    /// <summary>Ends the pass.</summary>
    public void Dispose()
    {
        shared.EndPass(hash);
        hash.Dispose();
    }
}

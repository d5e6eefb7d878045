using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AppAttach.Imaging.Manifests;

namespace AppAttach.Imaging.Deltas;

/// <summary>
/// Where an earlier image has its files and folders, so that a new one keeps as many of them in place as it can. It says where things would best stand, and nothing
/// about what is in them: whatever it says, the new image is whole and right. Takes some 40 bytes of memory a file.
/// </summary>
public sealed class ImageBase
{
    private readonly Dictionary<UInt128, Place> _places;

    private ImageBase(string digest, ManifestHeader header, Dictionary<UInt128, Place> places)
    {
        (ManifestDigest, ContentCluster, _places) = (digest, header.ContentCluster, places);
        ImageDigest = header.Digest;
    }

    /// <summary>SHA-256 of the manifest, 64 hexadecimal digits in lower case: an image's bytes depend on its base by this.</summary>
    public string ManifestDigest { get; }

    /// <summary>SHA-256 of the earlier image, as its manifest gives it.</summary>
    public string ImageDigest { get; }

    /// <summary>The first cluster that the earlier image's content may stand in.</summary>
    internal long ContentCluster { get; }

    /// <summary>Reads a manifest.</summary>
    /// <param name="manifest">The manifest of the earlier image, read front to back, left open.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.ImageManifestInvalid"/> or a limit. An image is always possible without a base.</exception>
    public static ImageBase Read(Stream manifest)
    {
        using var hash = SHA256.Create();
        using var hashing = new CryptoStream(manifest, hash, CryptoStreamMode.Read, leaveOpen: true);
        var visitor = new PlaceVisitor();
        ImageManifestReader.Read(hashing, visitor);
        hashing.CopyTo(Stream.Null);
        return new ImageBase(Convert.ToHexStringLower(hash.Hash!), visitor.Header!, visitor.Places);
    }

    /// <summary>Finds a file or folder.</summary>
    /// <param name="packageFullName">Full name of its package; of any version.</param>
    /// <param name="path">Path below the package's folder.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    internal Place? Find(string packageFullName, string path, bool isFolder) =>
        _places.TryGetValue(KeyOf(packageFullName, path, isFolder), out var place) ? place : null;

    // Name_Version_Architecture_Resource_Publisher: all but the version, which is what changes.
    private static UInt128 KeyOf(string packageFullName, string path, bool isFolder)
    {
        var parts = packageFullName.Split('_');
        var text = $"{parts[0]}_{string.Join('_', parts.Skip(2))}{(isFolder ? '\\' : '/')}{path}";
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Where a file or folder is.</summary>
    /// <param name="Record">Its file record.</param>
    /// <param name="Cluster">First cluster of its content; 0 for none.</param>
    /// <param name="ClusterCount">Clusters of its content.</param>
    internal readonly record struct Place(int Record, int Cluster, int ClusterCount);

    private sealed class PlaceVisitor : IManifestVisitor
    {
        private string _package = "";

        public Dictionary<UInt128, Place> Places { get; } = [];

        public ManifestHeader? Header { get; private set; }

        public void Visit(ManifestHeader header) => Header = header;

        public void VisitStructure(long offsetBytes, int lengthBytes, ReadOnlySpan<byte> hash)
        {
            // Follows from the rest.
        }

        public void Visit(ManifestPackage package) => _package = package.FullName;

        public void VisitFolder(string path, int record) => Places.TryAdd(KeyOf(_package, path, isFolder: true), new Place(record, 0, 0));

        public void VisitFile(ManifestFile file) => Places.TryAdd(
            KeyOf(_package, file.Path, isFolder: false),
            new Place((int)file.Record, (int)file.Cluster, (int)Math.Min(int.MaxValue, Volumes.ClusterRun.ClustersFor(file.SizeBytes))));
    }
}

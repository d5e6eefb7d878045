using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Manifests;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes;

namespace AppAttach.Imaging.Deltas;

/// <summary>
/// Turns a manifest into pieces of the image file, each with a hash: KiBs of disk structures and file system, and blocks of files. A file's last block is
/// counted with the zeros that fill its cluster.
/// </summary>
/// <param name="take">Takes a piece: its hash, empty for zeros; the length that was hashed; its place in the file.</param>
internal sealed class ImagePieces(ImagePieces.Take take) : IManifestVisitor
{
    private ManifestPackage? _package;

    /// <summary>Takes a piece.</summary>
    /// <param name="hash">Its hash; empty for zeros.</param>
    /// <param name="hashedBytes">Bytes that were hashed.</param>
    /// <param name="place">Its place in the file, with zeros behind what was hashed.</param>
    public delegate void Take(ReadOnlySpan<byte> hash, int hashedBytes, ByteExtent place);

    /// <summary>The image.</summary>
    public ManifestHeader Header { get; private set; } = new("", "", "", 0, 0, "", "", "", 0);

    /// <summary>Reads a manifest to its end.</summary>
    public static ManifestHeader Read(Stream manifest, Take take)
    {
        var pieces = new ImagePieces(take);
        ImageManifestReader.Read(manifest, pieces);
        return pieces.Header;
    }

    /// <inheritdoc/>
    public void Visit(ManifestHeader header) => Header = header;

    /// <inheritdoc/>
    public void VisitStructure(long offsetBytes, int lengthBytes, ReadOnlySpan<byte> hash) =>
        take(hash, lengthBytes, new ByteExtent(offsetBytes, lengthBytes));

    /// <inheritdoc/>
    public void Visit(ManifestPackage package) => _package = package;

    /// <inheritdoc/>
    public void VisitFolder(string path, int record)
    {
        // A folder's entries are part of the structure.
    }

    /// <inheritdoc/>
    public void VisitFile(ManifestFile file)
    {
        for (var block = 0; block < file.BlockCount; block++)
        {
            var size = file.SizeOf(block);
            var filled = DiskUnits.Align(size, VolumeLimits.ClusterSizeBytes);
            if (FindBlock(Header, file, block, filled) is { } offset && filled <= Header.SizeBytes - offset)
            {
                take(file.HashOf(block, _package!.Method), size, new ByteExtent(offset, filled));
            }
        }
    }

    /// <summary>Where a block of a file stands in the image file.</summary>
    /// <param name="header">The image.</param>
    /// <param name="file">The file.</param>
    /// <param name="block">Number of the block.</param>
    /// <param name="lengthBytes">Bytes of it that must stand together.</param>
    /// <returns>
    /// Its place; null where it stands in two pieces: in a dynamic VHD each 2 MiB of the disk have 4 KiB before them in the file.
    /// </returns>
    public static long? FindBlock(ManifestHeader header, ManifestFile file, int block, long lengthBytes)
    {
        var offsetInFile = (long)block * BlockMap.BlockBytes;
        if (header.Format != Images.ImageReader.FormatName(DiskFormat.VhdDynamic))
        {
            return file.OffsetBytes + offsetInFile;
        }

        var start = DiskPlan.PartitionOffsetBytes + (file.Cluster * VolumeLimits.ClusterSizeBytes);
        var first = (start + offsetInFile) / VhdDynamicPlan.BlockSizeBytes;
        var last = (start + offsetInFile + lengthBytes - 1) / VhdDynamicPlan.BlockSizeBytes;
        var borders = first - (start / VhdDynamicPlan.BlockSizeBytes);
        return first == last ? file.OffsetBytes + offsetInFile + (borders * VhdDynamicPlan.DataAlignmentBytes) : null;
    }
}

using System.Text;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Writes an unsigned MSIX package front to back: the files added, then manifest, block map and content types. The same files and options give
/// the same bytes.
/// </summary>
public sealed class PackageWriter : IDisposable
{
    private readonly ZipWriter zip;
    private readonly PackageWriterOptions options;
    private readonly HashMethod method;
    private readonly BlockMapWriter blockMap;
    private readonly BlockDeflater deflater;
    private readonly List<string> paths = [];
    private readonly HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly byte[] block = new byte[BlockMap.BlockBytes];
    private bool isFinished;

    /// <summary>Starts a package.</summary>
    /// <param name="output">Written forward only; stays the caller's.</param>
    /// <param name="options">How to write, or null for the defaults.</param>
    public PackageWriter(Stream output, PackageWriterOptions? options = null)
    {
        this.options = options ?? PackageWriterOptions.Default;
        method = this.options.HashBits switch
        {
            256 => HashMethod.Sha256,
            384 => HashMethod.Sha384,
            512 => HashMethod.Sha512,
            _ => throw new ArgumentOutOfRangeException(nameof(options), "The hash of a block map has 256, 384 or 512 bits."),
        };
        zip = new(output, this.options);
        blockMap = new(method);
        deflater = new(this.options.CompressionLevel, this.options.KeepsDictionary);
    }

    /// <summary>Adds a file of the payload.</summary>
    /// <param name="path">Its path, segments separated by <c>/</c>.</param>
    /// <param name="content">Its content, read to its end.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.UnsafeName"/>: Windows cannot hold the path.</exception>
    /// <exception cref="ArgumentException">There is such a file already, or the name is the package's own.</exception>
    public void AddFile(string path, Stream content)
    {
        if (path is PartName.Manifest or PartName.BlockMap or PartName.ContentTypes or PartName.Signature or PartName.CodeIntegrity)
        {
            throw new ArgumentException($"{path} is written by the packer itself or by signing.", nameof(path));
        }

        AddMapped(path, content);
    }

    /// <summary>Adds a file of the payload.</summary>
    /// <param name="path">Its path, segments separated by <c>/</c>.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.UnsafeName"/>: Windows cannot hold the path.</exception>
    /// <exception cref="ArgumentException">There is such a file already, or the name is the package's own.</exception>
    public void AddFile(string path, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        AddFile(path, stream);
    }

    /// <summary>Adds the manifest and everything that follows it; nothing can be added after.</summary>
    /// <param name="manifest">Content of <c>AppxManifest.xml</c>; not checked here.</param>
    public void Finish(byte[] manifest)
    {
        using (var stream = new MemoryStream(manifest, writable: false))
        {
            AddMapped(PartName.Manifest, stream);
        }

        isFinished = true;
        AddUnmapped(PartName.BlockMap, blockMap.Finish());
        AddUnmapped(PartName.ContentTypes, ContentTypesWriter.Write([.. paths, PartName.BlockMap]));
        zip.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        zip.Dispose();
        blockMap.Dispose();
        deflater.Dispose();
    }

    private void AddMapped(string path, Stream content)
    {
        ObjectDisposedException.ThrowIf(isFinished, this);
        if (!options.AllowsUnsafeNames)
        {
            PartName.Check(path, PackageLimits.Default);
            if (!names.Add(path))
            {
                throw new ArgumentException($"The package has a file {Invalid.Quote(path)} already; case does not tell files apart.", nameof(path));
            }
        }

        paths.Add(path);
        var blocks = new List<(byte[], int?)>();
        var encodedName = PartName.Encode(path);
        var size = WritePart(encodedName, path, content, (piece, compressedBytes) =>
        {
            var hash = new byte[method.SizeBytes];
            method.Compute(piece, hash);
            blocks.Add((hash, compressedBytes));
        });
        blockMap.Add(path, size, LocalFileHeader.Size + encodedName.Length, blocks);
    }

    private void AddUnmapped(string path, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        WritePart(PartName.Encode(path), path, stream, static (_, _) => { });
    }

    private long WritePart(string encodedName, string path, Stream content, BlockWritten written)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var count = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        var extension = name.LastIndexOf('.') is var dot and >= 0 ? name[dot..].ToLowerInvariant() : "";
        var isDeflated = count > 0 && !options.StoredExtensions.Contains(extension);
        zip.StartPart(Encoding.ASCII.GetBytes(encodedName), isDeflated);
        for (; count > 0; count = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false))
        {
            var piece = block.AsSpan(0, count);
            var packed = isDeflated ? deflater.Deflate(piece) : piece;
            zip.Write(piece, packed);
            written(piece, isDeflated ? packed.Length : null);
        }

        if (isDeflated)
        {
            deflater.End();
            zip.Write([], [0x03, 0x00]);
        }

        return zip.EndPart();
    }

    private delegate void BlockWritten(ReadOnlySpan<byte> content, int? compressedBytes);
}

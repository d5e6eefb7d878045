using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AppAttach.Imaging.Disks;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes.Ntfs;

namespace AppAttach.Imaging.Manifests;

/// <summary>
/// Writes the manifest of an image that has just been written, from its plan and the packages' block maps: nothing is read again, and
/// next to nothing kept. <c>Images/README.md</c> describes the document.
/// </summary>
internal sealed class ImageManifestWriter : IDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly Stream _output;
    private readonly ImagePlan _plan;
    private readonly UnmappedHashes _unmapped;

    // Into a buffer of its own: the writer itself would give the stream one small piece after the other.
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushBytes);
    private readonly Utf8JsonWriter _json;

    private ImageManifestWriter(Stream output, ImagePlan plan, UnmappedHashes unmapped)
    {
        (_output, _plan, _unmapped) = (output, plan, unmapped);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Writes a manifest.</summary>
    /// <param name="output">Takes it; left open.</param>
    /// <param name="header">The image.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="packages">Its packages, with their digests, in the order in which they were planned.</param>
    /// <param name="structure">Hashes of what is no content.</param>
    /// <param name="unmapped">Hashes of what no block map lists.</param>
    public static void Write(
        Stream output,
        ManifestHeader header,
        ImagePlan plan,
        IReadOnlyList<(Package Package, string Digest)> packages,
        StructureHashes structure,
        UnmappedHashes unmapped)
    {
        using var writer = new ImageManifestWriter(output, plan, unmapped);
        writer.WriteHeader(header);
        writer.WriteStructure(header, structure);
        writer.WritePackages(packages);
        writer._json.WriteEndObject();
        writer.PassOn(0);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteHeader(ManifestHeader header)
    {
        _json.WriteStartObject();
        _json.WriteNumber("schema", ImageManifestReader.Schema);
        _json.WriteStartObject("image");
        _json.WriteString("writer", header.Writer);
        _json.WriteString("layout", header.Layout);
        _json.WriteString("digest", header.Digest);
        _json.WriteNumber("size", header.SizeBytes);
        _json.WriteNumber("virtualSize", header.VirtualSizeBytes);
        _json.WriteString("format", header.Format);
        _json.WriteString("rootFolder", header.RootFolder);
        _json.WriteString("volumeLabel", header.VolumeLabel);
        _json.WriteNumber("contentCluster", header.ContentCluster);
        _json.WriteEndObject();
    }

    private void WriteStructure(ManifestHeader header, StructureHashes structure)
    {
        _json.WriteStartArray("structure");
        WriteStructure(0, structure.Content.OffsetBytes, structure.Head);
        WriteStructure(structure.Content.EndBytes, header.SizeBytes - structure.Content.EndBytes, structure.Tail);
        _json.WriteEndArray();
    }

    private void WriteStructure(long offsetBytes, long lengthBytes, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        _json.WriteStartObject();
        _json.WriteNumber("offset", offsetBytes);
        _json.WriteNumber("length", lengthBytes);
        _json.WriteStartArray("pieces");
        foreach (var piece in pieces)
        {
            WriteHash(piece.Span);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WritePackages(IReadOnlyList<(Package Package, string Digest)> packages)
    {
        _json.WriteStartArray("packages");
        var next = 0;
        foreach (var ((package, digest), folder) in packages.Zip(_plan.PackageFolders))
        {
            _json.WriteStartObject();
            _json.WriteString("fullName", package.Identity.FullName);
            _json.WriteString("digest", digest);
            _json.WriteString("hashMethod", package.HashMethod);
            WriteFolders(folder);
            _json.WriteStartArray("files");
            foreach (var file in package.Files)
            {
                WriteFile(package, file, _plan.Volume.Files[next++]);
                PassOn(FlushBytes);
            }

            _json.WriteEndArray();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteFolders(int packageFolder)
    {
        _json.WriteStartArray("folders");
        foreach (var folder in _plan.Volume.Folders)
        {
            if (PathBelow(packageFolder, folder.Record) is { } path)
            {
                _json.WriteStartObject();
                _json.WriteString("path", path);
                _json.WriteNumber("record", folder.Record);
                _json.WriteEndObject();
                PassOn(FlushBytes);
            }
        }

        _json.WriteEndArray();
    }

    private void WriteFile(Package package, PackageFile file, int record)
    {
        var content = _plan.Volume.Content(record);
        _json.WriteStartObject();
        _json.WriteString("path", file.Path);
        _json.WriteNumber("size", file.SizeBytes);
        _json.WriteNumber("record", record);
        if (file.SizeBytes > 0)
        {
            _json.WriteNumber("cluster", content.FirstCluster);
            _json.WriteNumber("offset", _plan.Disk.File.FindInFile(DiskPlan.PartitionOffsetBytes + content.OffsetBytes).OffsetBytes);
        }

        _json.WriteStartArray("blocks");
        if (package.BlocksOf(file) is { } blocks)
        {
            for (var block = 0; block < blocks.BlockCount; block++)
            {
                WriteHash(package.BlockMap.HashOf(blocks.FirstBlock + block));
            }
        }
        else
        {
            foreach (var hash in _unmapped.Of(file))
            {
                WriteHash(hash);
            }
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteHash(ReadOnlySpan<byte> hash)
    {
        if (hash.ContainsAnyExcept((byte)0))
        {
            _json.WriteBase64StringValue(hash);
        }
        else
        {
            _json.WriteNullValue();
        }

        PassOn(FlushBytes);
    }

    private string? PathBelow(int ancestor, int record)
    {
        var names = new Stack<string>();
        for (; record != ancestor; record = _plan.Volume.Nodes[record].Parent)
        {
            if (record == SystemRecord.RootFolder)
            {
                return null;
            }

            names.Push(_plan.Volume.Nodes[record].Name.ToString());
        }

        return string.Join('/', names);
    }

    private void PassOn(int atLeastBytes)
    {
        if (_json.BytesPending + _buffer.WrittenCount > atLeastBytes)
        {
            _json.Flush();
            _output.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
        }
    }
}

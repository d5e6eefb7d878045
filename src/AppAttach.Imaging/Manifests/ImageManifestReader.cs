using System.Security.Cryptography;
using System.Text.Json;
using AppAttach.Imaging.Packages;
using AppAttach.Imaging.Volumes;

namespace AppAttach.Imaging.Manifests;

/// <summary>
/// Reads an image manifest and tells a visitor what it says. The document may be anyone's: its size, texts, counts and numbers are
/// bounded, and every place it names lies in the image it describes.
/// </summary>
internal sealed class ImageManifestReader
{
    /// <summary>The version of the document that is written, and the only one that is read.</summary>
    public const int Schema = 1;

    private const string Root = "the document";

    private readonly JsonTokens _json;
    private readonly IManifestVisitor _visitor;
    private readonly ManifestFile _file = new();
    private ManifestHeader? _header;
    private long _entries;

    private ImageManifestReader(Stream stream, IManifestVisitor visitor) => (_json, _visitor) = (new JsonTokens(stream), visitor);

    /// <summary>Reads a manifest to its end.</summary>
    /// <param name="stream">The document, read front to back, left open.</param>
    /// <param name="visitor">Is told what it says.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.ImageManifestInvalid"/>, or a limit.</exception>
    public static void Read(Stream stream, IManifestVisitor visitor) => new ImageManifestReader(stream, visitor).ReadDocument();

    private void ReadDocument()
    {
        _json.Read(JsonTokenType.StartObject);
        var isKnown = false;
        var hasPackages = false;
        while (_json.ReadProperty())
        {
            switch (_json.GetString())
            {
                case "schema":
                    isKnown = _json.ReadNumber() == Schema ? true : throw JsonTokens.Invalid($"its schema is not {Schema}, the only one known");
                    break;
                case "image" when isKnown:
                    ReadHeader();
                    break;
                case "structure" when _header is not null:
                    ReadArray(ReadStructure);
                    break;
                case "packages" when _header is not null:
                    ReadArray(ReadPackage);
                    hasPackages = true;
                    break;
                case "image" or "structure" or "packages":
                    throw JsonTokens.Invalid("schema and image must come first");
                default:
                    _json.SkipValue();
                    break;
            }
        }

        if (!hasPackages)
        {
            throw Missing(Root, "packages");
        }
    }

    private void ReadArray(Action readElement)
    {
        _json.Read(JsonTokenType.StartArray);
        while (_json.ReadElement())
        {
            _json.Require(JsonTokenType.StartObject);
            readElement();
        }
    }

    private void ReadHeader()
    {
        var header = new ManifestHeader("", "", "", 0, 0, "", "", "", 0);
        _json.Read(JsonTokenType.StartObject);
        while (_json.ReadProperty())
        {
            switch (_json.GetString())
            {
                case "writer": header = header with { Writer = _json.ReadString() }; break;
                case "layout": header = header with { Layout = _json.ReadString() }; break;
                case "digest": header = header with { Digest = ReadDigest() }; break;
                case "size": header = header with { SizeBytes = _json.ReadNumber() }; break;
                case "virtualSize": header = header with { VirtualSizeBytes = _json.ReadNumber() }; break;
                case "format": header = header with { Format = _json.ReadString() }; break;
                case "rootFolder": header = header with { RootFolder = _json.ReadString() }; break;
                case "volumeLabel": header = header with { VolumeLabel = _json.ReadString() }; break;
                case "contentCluster": header = header with { ContentCluster = _json.ReadNumber() }; break;
                default: _json.SkipValue(); break;
            }
        }

        if (header.Digest.Length == 0 || header.SizeBytes == 0 || header.Format.Length == 0)
        {
            throw Missing("image", "digest, size or format");
        }

        _header = header;
        _visitor.Visit(header);
    }

    private void ReadStructure()
    {
        long offset = 0;
        long length = 0;
        while (_json.ReadProperty())
        {
            switch (_json.GetString())
            {
                case "offset": offset = _json.ReadNumber(); break;
                case "length": length = _json.ReadNumber(); break;
                case "pieces": ReadPieces(offset, length); break;
                default: _json.SkipValue(); break;
            }
        }
    }

    private void ReadPieces(long offset, long length)
    {
        RequireInImage(offset, length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var end = offset + length;
        _json.Read(JsonTokenType.StartArray);
        while (_json.ReadElement())
        {
            if (offset == end)
            {
                throw JsonTokens.Invalid("a part of its structure has more pieces than its length");
            }

            var isZero = _json.Type == JsonTokenType.Null;
            if (!isZero)
            {
                _json.GetBytes(hash);
            }

            var pieceBytes = (int)Math.Min(StructureHashes.PieceBytes, end - offset);
            _visitor.VisitStructure(offset, pieceBytes, isZero ? default : hash);
            offset += pieceBytes;
        }
    }

    private void ReadPackage()
    {
        var (fullName, digest) = ("", "");
        HashMethod? method = null;
        ManifestPackage? package = null;
        while (_json.ReadProperty())
        {
            switch (_json.GetString())
            {
                case "fullName": fullName = _json.ReadString(); break;
                case "digest": digest = ReadDigest(); break;
                case "hashMethod": method = HashMethod.Find(_json.ReadString()); break;
                case "folders":
                    _visitor.Visit(package = Begin());
                    ReadArray(ReadFolder);
                    break;
                case "files" when package is not null:
                    ReadArray(() => ReadFile(package));
                    break;
                case "files": throw JsonTokens.Invalid("a package's folders must come before its files");
                default: _json.SkipValue(); break;
            }
        }

        _ = package ?? throw Missing("a package", "folders");

        ManifestPackage Begin() => fullName.Length > 0 && digest.Length > 0 && method is not null
            ? new ManifestPackage(fullName, digest, method)
            : throw Missing("a package", "fullName, digest or a known hashMethod before its folders");
    }

    private void ReadFolder()
    {
        string? path = null;
        long record = 0;
        while (_json.ReadProperty())
        {
            switch (_json.GetString())
            {
                case "path": path = _json.ReadString(); break;
                case "record": record = _json.ReadNumber(); break;
                default: _json.SkipValue(); break;
            }
        }

        RequireRecord(record);
        _visitor.VisitFolder(path ?? throw Missing("a folder", "path"), (int)record);
    }

    private void ReadFile(ManifestPackage package)
    {
        _file.Clear();
        while (_json.ReadProperty())
        {
            switch (_json.GetString())
            {
                case "path": _file.Path = _json.ReadString(); break;
                case "size": _file.SizeBytes = _json.ReadNumber(); break;
                case "record": _file.Record = _json.ReadNumber(); break;
                case "cluster": _file.Cluster = _json.ReadNumber(); break;
                case "offset": _file.OffsetBytes = _json.ReadNumber(); break;
                case "blocks": ReadBlocks(package.Method); break;
                default: _json.SkipValue(); break;
            }
        }

        RequireRecord(_file.Record);
        RequireInImage(_file.OffsetBytes, _file.SizeBytes);
        var expected = (_file.SizeBytes + BlockMap.BlockBytes - 1) / BlockMap.BlockBytes;
        if (_file.Path.Length == 0 || _file.BlockCount != expected || _file.Cluster > VolumeLimits.MaximumPartitionBytes / VolumeLimits.ClusterSizeBytes)
        {
            throw JsonTokens.Invalid($"a file has no path, another number of blocks than its size asks for, or a cluster behind every volume's end");
        }

        _visitor.VisitFile(_file);
    }

    private void ReadBlocks(HashMethod method)
    {
        _json.Read(JsonTokenType.StartArray);
        while (_json.ReadElement())
        {
            _json.GetBytes(_file.AddBlock(method));
        }
    }

    private string ReadDigest()
    {
        var digest = _json.ReadString();
        return digest.Length == 2 * SHA256.HashSizeInBytes && digest.All(char.IsAsciiHexDigitLower)
            ? digest
            : throw JsonTokens.Invalid("a digest is not 64 lower-case hexadecimal digits");
    }

    private void RequireRecord(long record)
    {
        if (record > VolumeLimits.MaximumNodeCount || ++_entries > VolumeLimits.MaximumNodeCount)
        {
            throw JsonTokens.Invalid($"it has a record number or a count of entries over {VolumeLimits.MaximumNodeCount}");
        }
    }

    private void RequireInImage(long offset, long length)
    {
        if (offset > _header!.SizeBytes || length > _header.SizeBytes - offset)
        {
            throw JsonTokens.Invalid("it names a place behind the image's end");
        }
    }

    private static InvalidInputException Missing(string where, string what) => JsonTokens.Invalid($"{where} has no {what}");
}

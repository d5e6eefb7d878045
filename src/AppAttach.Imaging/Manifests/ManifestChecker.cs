using System.Security.Cryptography;
using AppAttach.Imaging.Checking;
using AppAttach.Imaging.Deltas;
using AppAttach.Imaging.Images;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Manifests;

/// <summary>
/// Holds an image against a manifest: the digest of the whole, and every file's size, place and hashes, read through the image's own file system. Rules:
/// <c>manifest-digest</c>, <c>manifest-missing</c>, <c>manifest-differs</c>, <c>manifest-place</c>, <c>manifest-extra</c>.
/// </summary>
public sealed class ManifestChecker
{
    private readonly Stream _image;
    private readonly FindingList _findings;

    private ManifestChecker(Stream image, int maximumFindings) => (_image, _findings) = (image, new FindingList(maximumFindings));

    /// <summary>Checks an image.</summary>
    /// <param name="image">The image, a seekable stream, left open; read twice.</param>
    /// <param name="manifest">Its manifest, read front to back, left open.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>What differs, up to the limit; and the header of the manifest.</returns>
    /// <exception cref="InvalidInputException"><see cref="Defect.ImageManifestInvalid"/> or a limit: the manifest, not the image, is broken.</exception>
    public static (IReadOnlyList<Finding> Findings, ManifestHeader Header) Check(Stream image, Stream manifest, CheckOptions? options = null)
    {
        var checker = new ManifestChecker(image, (options ?? CheckOptions.Default).MaximumFindings);
        var files = new FileVisitor(checker);
        ImageManifestReader.Read(manifest, files);
        files.Complete();
        return (checker._findings.Findings, files.Header!);
    }

    private void CheckDigest(ManifestHeader header)
    {
        if (_findings.Require(
            _image.Length == header.SizeBytes, "manifest-digest", "image", $"It has {_image.Length} bytes; its manifest says {header.SizeBytes}."))
        {
            _image.Position = 0;
            var digest = Convert.ToHexStringLower(SHA256.HashData(_image));
            _findings.Require(
                digest == header.Digest, "manifest-digest", "image", $"Its SHA-256 is {digest}; its manifest says {header.Digest}.");
        }
    }

    private sealed class FileVisitor(ManifestChecker checker) : IManifestVisitor
    {
        private readonly byte[] _buffer = new byte[BlockMap.BlockBytes];
        private ImageReader? _reader;
        private ManifestPackage? _package;
        private long _fileCount;

        public ManifestHeader? Header { get; private set; }

        private FindingList Findings => checker._findings;

        public void Visit(ManifestHeader header)
        {
            Header = header;
            checker.CheckDigest(header);
            Findings.Try("manifest-missing", "image", () => _reader = ImageReader.Open(checker._image));
        }

        public void VisitStructure(long offsetBytes, int lengthBytes, ReadOnlySpan<byte> hash)
        {
            // The digest of the whole covers it.
        }

        public void Visit(ManifestPackage package) => _package = package;

        public void VisitFolder(string path, int record)
        {
            // Found on the way to the files.
        }

        public void VisitFile(ManifestFile file)
        {
            _fileCount++;
            if (_reader is null || Findings.IsFull)
            {
                return;
            }

            var path = $"{Header!.RootFolder}/{_package!.FullName}/{file.Path}";
            Findings.Try("manifest-missing", path, () => CheckFile(file, path));
        }

        public void Complete()
        {
            long count = 0;
            if (_reader is not null && !Findings.IsFull
                && Findings.Try("manifest-missing", "image", () => count = _reader.Enumerate().LongCount(entry => !entry.IsFolder)))
            {
                Findings.Require(count == _fileCount, "manifest-extra", "image", $"It has {count} files; its manifest lists {_fileCount}.");
            }
        }

        private void CheckFile(ManifestFile file, string path)
        {
            if (!Findings.Require(
                _reader!.Find(path) is { IsFolder: false } entry && entry.SizeBytes == file.SizeBytes,
                "manifest-missing",
                path,
                $"The manifest has it with {file.SizeBytes} bytes, the image has not."))
            {
                return;
            }

            using var content = _reader.OpenFile(path);
            for (var block = 0; block < file.BlockCount; block++)
            {
                var bytes = _buffer.AsSpan(0, file.SizeOf(block));
                content.ReadExactly(bytes);
                if (!Findings.Require(
                    _package!.Method.Matches(bytes, file.HashOf(block, _package.Method)),
                    "manifest-differs",
                    path,
                    $"Its content from byte {(long)block * BlockMap.BlockBytes} on does not have the hash in the manifest."))
                {
                    return;
                }

                if (block == 0 && ImagePieces.FindBlock(Header!, file, block, bytes.Length) is { } offset)
                {
                    checker._image.Position = offset;
                    checker._image.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                    Findings.Require(
                        _package.Method.Matches(bytes, file.HashOf(block, _package.Method)),
                        "manifest-place",
                        path,
                        $"Its content does not stand at byte {offset} of the image, where the manifest has it.");
                }
            }
        }
    }
}

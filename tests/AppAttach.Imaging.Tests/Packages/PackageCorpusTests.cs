using System.Security.Cryptography;
using AppAttach.Imaging.Packages;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Packages;

/// <summary>Every package of the corpus that is not a bundle, which packages of their own kind of reader are for.</summary>
public sealed class PackageCorpusTests
{
    private static readonly Dictionary<string, Defect> Defects = new(StringComparer.Ordinal)
    {
        ["BlockMap/Bad_Namespace_Blockmap.appx"] = Defect.BlockmapInvalid,
        ["BlockMap/Duplicate_file_in_blockmap.appx"] = Defect.BlockmapInvalid,
        ["BlockMap/Extra_file_in_blockmap.msix"] = Defect.BlockmapInvalid,
        ["BlockMap/Missing_Manifest_in_blockmap.appx"] = Defect.BlockmapInvalid,
        ["BlockMap/No_blockmap.appx"] = Defect.BlockmapMissing,
        ["BlockMap/Size_wrong_uncompressed.msix"] = Defect.BlockmapInvalid,
        ["Empty.appx"] = Defect.NotAPackage,
        ["InvalidSignatureInvalidCodeIntegrityXML.appx"] = Defect.ContentTypesInvalid,
        ["platforms/TestWindows.msix"] = Defect.ManifestInvalid,
        ["platforms/TestWindows8.msix"] = Defect.ManifestInvalid,
        ["invalid-absolute.msix"] = Defect.UnsafeName,
        ["invalid-block-hash.msix"] = Defect.BlockmapMismatch,
        ["invalid-compressed-without-block-size.msix"] = Defect.BlockmapInvalid,
        ["invalid-deflate-corrupt.msix"] = Defect.BlockmapMismatch,
        ["invalid-device-name.msix"] = Defect.UnsafeName,
        ["invalid-encrypted-flag.msix"] = Defect.Encrypted,
        ["invalid-file-and-folder.msix"] = Defect.UnsafeName,
        ["invalid-name.msix"] = Defect.ManifestInvalid,
        ["invalid-no-identity-publisher.msix"] = Defect.ManifestInvalid,
        ["invalid-signed-tampered-payload.msix"] = Defect.BlockmapMismatch,
        ["invalid-trailing-dot.msix"] = Defect.UnsafeName,
        ["invalid-traversal-backslash.msix"] = Defect.UnsafeName,
        ["invalid-traversal-dotdot.msix"] = Defect.UnsafeName,
        ["invalid-uncompressed-size-lie.msix"] = Defect.BlockmapInvalid,
        ["invalid-unknown-hash-method.msix"] = Defect.BlockmapInvalid,
        ["invalid-version-range.msix"] = Defect.ManifestInvalid,
        ["invalid-xml-dtd.msix"] = Defect.ManifestInvalid,
        ["invalid-zip-duplicate.msix"] = Defect.ZipCorrupt,
    };

    // Their only defect is in the signature: sound in structure and content, and refused once signatures are checked.
    private static readonly string[] SignatureDefects =
    [
        "SignatureNotLastPart-ERROR_BAD_FORMAT.appx",
        "SignedMismatchedPublisherName-ERROR_BAD_FORMAT.appx",
        "SignedTamperedBlockMap-TRUST_E_BAD_DIGEST.appx",
        "SignedTamperedCodeIntegrity-TRUST_E_BAD_DIGEST.appx",
        "SignedUntrustedCert-CERT_E_CHAINING.appx",
        "invalid-signed-publisher-mismatch.msix",
        "invalid-signed-tampered-central-directory.msix",
    ];

    public static TheoryData<string> Packages =>
        [.. PackageCorpus.Rows.Where(row => !row.IsBundle).Select(row => row.Path)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void EachPackage_EndsAsItsVerdictSays(string path)
    {
        var row = PackageCorpus.Rows.Single(row => row.Path == path);
        var name = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        using var stream = File.OpenRead(PackageCorpus.PathOf(path));
        if (Defects.TryGetValue(name, out var defect))
        {
            Assert.False(row.IsValid);
            var exception = Assert.Throws<InvalidInputException>(() => ReadAll(stream));
            Assert.True(exception.Defect == defect, exception.ToString());
            Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
            return;
        }

        Assert.True(row.IsValid || SignatureDefects.Contains(name), $"{path} is invalid ({row.Why}) and no expectation names it.");
        Assert.NotEqual(row.IsValid, SignatureDefects.Contains(name));
        var package = ReadAll(stream);
        Assert.Equal(row.FullName, package.Identity.FullName);
        Assert.Equal(row.FileCount, package.Files.Count);
        Assert.Equal(row.ContentSizeBytes, package.ContentSizeBytes);
        Assert.Equal(row.IsSigned, package.IsSigned);
    }

    private static Package ReadAll(Stream stream)
    {
        var package = Package.Open(stream);
        using var content = package.ReadContent(2);
        var sizes = new long[package.Files.Count];
        while (content.TryRead(out var block))
        {
            Assert.Equal(sizes[block.File.Index], block.OffsetBytes);
            sizes[block.File.Index] += block.Bytes.Length;
        }

        Assert.Equal(package.Files.Select(file => file.SizeBytes), sizes);
        stream.Position = 0;
        Assert.Equal(SHA256.HashData(stream), content.PackageDigest.ToArray());
        return package;
    }
}

using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary>Every package of the corpus gets its verdict from <c>inspect --full</c>, in the mode that its row names, and each broken one its code.</summary>
[Collection(CommandCollection.Name)]
public sealed class InspectVerdictTests
{
    // What a row's reason means in codes. Bundles not named here contradict their own packages.
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["msix-packaging/BlockMap/Bad_Namespace_Blockmap.appx"] = ErrorCodes.BlockmapInvalid,
        ["msix-packaging/BlockMap/Duplicate_file_in_blockmap.appx"] = ErrorCodes.BlockmapInvalid,
        ["msix-packaging/BlockMap/Extra_file_in_blockmap.msix"] = ErrorCodes.BlockmapInvalid,
        ["msix-packaging/BlockMap/Missing_Manifest_in_blockmap.appx"] = ErrorCodes.BlockmapInvalid,
        ["msix-packaging/BlockMap/No_blockmap.appx"] = ErrorCodes.BlockmapMissing,
        ["msix-packaging/BlockMap/Size_wrong_uncompressed.msix"] = ErrorCodes.BlockmapInvalid,
        ["msix-packaging/Empty.appx"] = ErrorCodes.NotAPackage,
        ["msix-packaging/InvalidSignatureInvalidCodeIntegrityXML.appx"] = ErrorCodes.ContentTypesInvalid,
        ["msix-packaging/SignatureNotLastPart-ERROR_BAD_FORMAT.appx"] = ErrorCodes.SignatureInvalid,
        ["msix-packaging/SignedMismatchedPublisherName-ERROR_BAD_FORMAT.appx"] = ErrorCodes.PublisherMismatch,
        ["msix-packaging/SignedTamperedBlockMap-TRUST_E_BAD_DIGEST.appx"] = ErrorCodes.SignatureInvalid,
        ["msix-packaging/SignedTamperedCodeIntegrity-TRUST_E_BAD_DIGEST.appx"] = ErrorCodes.SignatureInvalid,
        ["msix-packaging/SignedUntrustedCert-CERT_E_CHAINING.appx"] = ErrorCodes.PublisherUntrusted,
        ["msix-packaging/bundles/BlockMapIsMissing.appxbundle"] = ErrorCodes.BlockmapMissing,
        ["msix-packaging/bundles/BlockMapViolatesSchema.appxbundle"] = ErrorCodes.BlockmapInvalid,
        ["msix-packaging/platforms/TestWindows.msix"] = ErrorCodes.ManifestInvalid,
        ["msix-packaging/platforms/TestWindows8.msix"] = ErrorCodes.ManifestInvalid,
        ["synthetic/invalid-absolute.msix"] = ErrorCodes.UnsafeName,
        ["synthetic/invalid-block-hash.msix"] = ErrorCodes.BlockmapMismatch,
        ["synthetic/invalid-compressed-without-block-size.msix"] = ErrorCodes.BlockmapInvalid,
        ["synthetic/invalid-deflate-corrupt.msix"] = ErrorCodes.BlockmapMismatch,
        ["synthetic/invalid-device-name.msix"] = ErrorCodes.UnsafeName,
        ["synthetic/invalid-encrypted-flag.msix"] = ErrorCodes.Encrypted,
        ["synthetic/invalid-file-and-folder.msix"] = ErrorCodes.UnsafeName,
        ["synthetic/invalid-name.msix"] = ErrorCodes.ManifestInvalid,
        ["synthetic/invalid-no-identity-publisher.msix"] = ErrorCodes.ManifestInvalid,
        ["synthetic/invalid-signed-publisher-mismatch.msix"] = ErrorCodes.PublisherMismatch,
        ["synthetic/invalid-signed-tampered-central-directory.msix"] = ErrorCodes.SignatureInvalid,
        ["synthetic/invalid-signed-tampered-payload.msix"] = ErrorCodes.BlockmapMismatch,
        ["synthetic/invalid-trailing-dot.msix"] = ErrorCodes.UnsafeName,
        ["synthetic/invalid-traversal-backslash.msix"] = ErrorCodes.UnsafeName,
        ["synthetic/invalid-traversal-dotdot.msix"] = ErrorCodes.UnsafeName,
        ["synthetic/invalid-uncompressed-size-lie.msix"] = ErrorCodes.BlockmapInvalid,
        ["synthetic/invalid-unknown-hash-method.msix"] = ErrorCodes.BlockmapInvalid,
        ["synthetic/invalid-version-range.msix"] = ErrorCodes.ManifestInvalid,
        ["synthetic/invalid-xml-dtd.msix"] = ErrorCodes.ManifestInvalid,
        ["synthetic/invalid-zip-duplicate.msix"] = ErrorCodes.ZipCorrupt,
    };

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var row in PackageCorpus.Rows)
            {
                foreach (var mode in ModesOf(row.Validation))
                {
                    rows.Add(row.Path, mode);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task EachPackage_GetsItsVerdict(string path, string mode)
    {
        var row = PackageCorpus.Rows.Single(row => row.Path == path);
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("inspect", PackageCorpus.PathOf(path), "--full", "--json", "--signature", mode);
        if (row.IsValid)
        {
            Assert.Equal((0, ""), (exitCode, error));
            Assert.Contains($"\"fullName\": \"{row.FullName}\"", output, StringComparison.Ordinal);
            return;
        }

        Assert.True(exitCode == (int)ExitCode.Rejected, output + error);
        Assert.StartsWith(Codes.GetValueOrDefault(path, row.IsBundle ? ErrorCodes.BundleInvalid : "") + ": ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static string[] ModesOf(string validation) => validation switch
    {
        "full" => ["trusted"],
        "allow-unknown-origin" => ["intact"],
        "skip-signature" => ["ignore"],
        "any" => ["trusted", "intact", "ignore"],
        _ => throw new ArgumentOutOfRangeException(nameof(validation), validation, "There is no such mode."),
    };
}

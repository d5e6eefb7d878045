using AppAttach.Imaging.Signatures;
using AppAttach.TestKit.Packages;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Every signed package of the corpus that is not a bundle, in the mode that its row names.</summary>
public sealed class SignatureCorpusTests
{
    // What a row's reason means in codes, where the defect is in the signature.
    private static readonly Dictionary<string, (Defect Defect, string Finding)> Defects = new(StringComparer.Ordinal)
    {
        ["msix-packaging/SignatureNotLastPart-ERROR_BAD_FORMAT.appx"] = (Defect.SignatureInvalid, "signature-position"),
        ["msix-packaging/SignedMismatchedPublisherName-ERROR_BAD_FORMAT.appx"] = (Defect.PublisherMismatch, "publisher-mismatch"),
        ["msix-packaging/SignedTamperedBlockMap-TRUST_E_BAD_DIGEST.appx"] = (Defect.SignatureInvalid, "digest-block-map"),
        ["msix-packaging/SignedTamperedCodeIntegrity-TRUST_E_BAD_DIGEST.appx"] = (Defect.SignatureInvalid, "digest-catalogue"),
        ["msix-packaging/SignedUntrustedCert-CERT_E_CHAINING.appx"] = (Defect.PublisherUntrusted, "certificate-untrusted"),
        ["synthetic/invalid-signed-publisher-mismatch.msix"] = (Defect.PublisherMismatch, "publisher-mismatch"),
        ["synthetic/invalid-signed-tampered-central-directory.msix"] = (Defect.SignatureInvalid, "digest-directory"),
    };

    // Refused for their structure or content before the signature is asked.
    private static readonly string[] RefusedBefore =
    [
        "msix-packaging/InvalidSignatureInvalidCodeIntegrityXML.appx",
        "synthetic/invalid-signed-tampered-payload.msix",
    ];

    public static TheoryData<string> Packages =>
        [.. PackageCorpus.Rows.Where(row => row.IsSigned && !row.IsBundle && !RefusedBefore.Contains(row.Path)).Select(row => row.Path)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void EachSignedPackage_EndsAsItsVerdictSays(string path)
    {
        var row = PackageCorpus.Rows.Single(row => row.Path == path);
        var mode = row.Validation switch
        {
            "full" => SignatureMode.Trusted,
            "allow-unknown-origin" => SignatureMode.Intact,
            _ => SignatureMode.Ignore,
        };
        using var stream = File.OpenRead(PackageCorpus.PathOf(path));
        var verdict = Verification.Verify(stream, new() { Mode = mode });

        Assert.True(row.IsValid == verdict.IsAccepted, string.Join(" ", verdict.Findings));
        Assert.All(verdict.Findings, finding => Assert.EndsWith(".", finding.Message, StringComparison.Ordinal));
        if (!row.IsValid)
        {
            var (defect, id) = Defects[path];
            Assert.Equal(defect, verdict.Defect);
            Assert.Contains(id, verdict.Refusals());
            var exception = Assert.Throws<InvalidInputException>(verdict.ThrowIfRefused);
            Assert.Equal(defect, exception.Defect);
        }
    }

    // Whether the digests are right does not depend on the mode: all five match in every signed package that is not made to be wrong.
    [Theory]
    [MemberData(nameof(Packages))]
    public void EachSignedPackage_IsIntactUnlessItsReasonSaysOtherwise(string path)
    {
        using var stream = File.OpenRead(PackageCorpus.PathOf(path));
        var verdict = Verification.Verify(stream, new() { Mode = SignatureMode.Intact });

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n", verdict.Findings));
        Assert.True(verdict.IsComplete);
        Assert.Equal(
            Defects.TryGetValue(path, out var expected) && expected.Defect != Defect.PublisherUntrusted ? expected.Defect : null, verdict.Defect);
    }
}

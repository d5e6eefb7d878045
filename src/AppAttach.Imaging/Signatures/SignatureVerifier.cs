using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Signatures;

/// <summary>Verifies package signatures against a policy. Offline: whether a certificate was revoked is not known, and the verdict says so.</summary>
/// <param name="policy">What to hold signatures to.</param>
/// <exception cref="ArgumentException">The policy has a certificate, thumbprint or publisher that cannot be read.</exception>
public sealed class SignatureVerifier(SignaturePolicy policy)
{
    private readonly TrustAnchors anchors = new(policy);
    private readonly IReadOnlyList<string> publishers = policy.Publishers.All(name => DistinguishedName.TryParse(name) is not null)
        ? policy.Publishers
        : throw new ArgumentException(
            $"'{policy.Publishers.First(name => DistinguishedName.TryParse(name) is null)}' is not a distinguished name such as CN=Contoso, O=Contoso Ltd.", nameof(policy));

    /// <summary>Verifies the signature of a package.</summary>
    /// <param name="package">The package; it is read from, so no pass over its content may be under way.</param>
    /// <param name="content">A pass over its content that has come to its end, or null: then the digest over all parts is not compared, and
    /// <see cref="SignatureVerdict.IsComplete"/> is false.</param>
    /// <param name="verificationTime">Now, as of which certificates are judged if no timestamp says otherwise.</param>
    /// <returns>The verdict; a bad signature is one and does not throw.</returns>
    /// <exception cref="InvalidInputException">The signature part or the catalogue cannot be read at all, as a part of the archive.</exception>
    /// <exception cref="ArgumentException">The pass has not come to its end.</exception>
    public SignatureVerdict Verify(Package package, PackageContentReader? content, DateTimeOffset verificationTime)
    {
        if (content is { IsAtEnd: false })
        {
            throw new ArgumentException("A signature is verified before the content is read, or after all of it has been.", nameof(content));
        }

        return policy.Mode == SignatureMode.Ignore
            ? new() { Mode = policy.Mode, IsComplete = false, Findings = [new("signature-ignored", null, "The signature was not looked at, as asked.")] }
            : Verify(package.ReadSignedContent(content), verificationTime);
    }

    /// <summary>Verifies the signature of a package or bundle.</summary>
    /// <param name="content">What the signature is held against, or null if there is none.</param>
    /// <param name="verificationTime">Now.</param>
    internal SignatureVerdict Verify(SignedContent? content, DateTimeOffset verificationTime)
    {
        var findings = new FindingList();
        if (content is null)
        {
            findings.Add("signature-missing", Defect.SignatureMissing, "The package is not signed: it has no AppxSignature.p7x.");
            return new() { Mode = policy.Mode, IsComplete = true, Findings = findings.InOrder() };
        }

        PackageSignature signature;
        try
        {
            signature = PackageSignature.Read(content.Signature);
        }
        catch (InvalidInputException exception)
        {
            findings.Add("signature-malformed", Defect.SignatureInvalid, exception.Message);
            return new() { Mode = policy.Mode, IsComplete = false, Findings = findings.InOrder() };
        }

        DigestCheck.Check(signature, content, findings);
        if (policy.Mode == SignatureMode.Trusted && publishers.Count > 0 && !publishers.Any(name => DistinguishedName.Matches(name, content.Publisher)))
        {
            findings.Add("publisher-not-listed", Defect.PublisherUntrusted,
                $"The publisher {Invalid.Quote(content.Publisher)} is none of the {publishers.Count} that packages are accepted from.");
        }

        var isComplete = content.PartsDigest is not null || !content.IsSignatureLast;
        var verdict = new SignatureVerdict { Mode = policy.Mode, IsComplete = isComplete, Signature = signature, Findings = [] };
        try
        {
            var check = new SignerCheck(policy.Mode, anchors, findings);
            verdict = check.Check(signature, content.Publisher, verificationTime, verdict);
        }
        catch (Exception exception) when (PackageSignature.IsMalformed(exception))
        {
            findings.Add("signature-malformed", Defect.SignatureInvalid, "A certificate of the signature is malformed, so that nothing can be said for it.");
        }

        return verdict with { Findings = findings.InOrder() };
    }
}

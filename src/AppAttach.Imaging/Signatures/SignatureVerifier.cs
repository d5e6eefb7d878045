using AppAttach.Imaging.Bundles;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Signatures;

/// <summary>Verifies package signatures against a policy. Offline: whether a certificate was revoked is not known, and the verdict says so.</summary>
/// <param name="policy">What to hold signatures to.</param>
/// <exception cref="ArgumentException">The policy has a certificate, thumbprint or publisher that cannot be read.</exception>
public sealed class SignatureVerifier(SignaturePolicy policy)
{
    private readonly TrustAnchors anchors = AnchorsOf(policy);
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
        RequireEnd(content is null or { IsAtEnd: true }, nameof(content));
        return policy.Mode == SignatureMode.Ignore ? Ignored() : Verify(package.ReadSignedContent(content), verificationTime);
    }

    /// <summary>
    /// Verifies the signature of a bundle, and those of its packages: each must be signed too, by the bundle's publisher, which is theirs. What a package inside
    /// holds is covered by the bundle's signature, so of its own signature all but the digest over its parts is compared; verify the packages that
    /// are used by themselves too (<see cref="Verify(Package, PackageContentReader?, DateTimeOffset)"/>), when their content has been read.
    /// </summary>
    /// <param name="bundle">The bundle; it is read from, as are its packages.</param>
    /// <param name="pass">A pass over it that was completed, or null: then <see cref="SignatureVerdict.IsComplete"/> is false. With a pass, packages
    /// beside the bundle, which its signature does not cover, are read to their ends here.</param>
    /// <param name="verificationTime">Now, as of which certificates are judged if no timestamp says otherwise.</param>
    /// <returns>The verdict on all of them, with signature and chain of the bundle's own; findings on a package name it. Bad signatures do not throw.</returns>
    /// <exception cref="InvalidInputException">A signature part or catalogue cannot be read at all, or a package beside the bundle is broken.</exception>
    /// <exception cref="ArgumentException">The pass has not come to its end.</exception>
    public SignatureVerdict Verify(Bundle bundle, BundlePass? pass, DateTimeOffset verificationTime)
    {
        RequireEnd(pass is null or { IsAtEnd: true }, nameof(pass));
        if (policy.Mode == SignatureMode.Ignore)
        {
            return Ignored();
        }

        var verdict = Verify(bundle.ReadSignedContent(pass), verificationTime, "bundle");
        if (!bundle.IsSigned)
        {
            return verdict;
        }

        var findings = new FindingList(verdict.Findings);
        var (areTrusted, areMicrosoft) = (verdict.IsTrusted, verdict.IsMicrosoft);
        foreach (var package in bundle.Packages)
        {
            var inner = VerifyInside(package, readsContent: pass is not null && package.IsBeside, verificationTime);
            areTrusted &= inner.IsTrusted;
            areMicrosoft &= inner.IsMicrosoft;
            foreach (var finding in inner.Findings.Where(finding => finding.Defect is not null))
            {
                findings.Add(finding.Id, finding.Defect, $"Package {Invalid.Quote(package.Entry.FileName)} of the bundle: {finding.Message}");
            }
        }

        return verdict with { Findings = findings.InOrder(), IsTrusted = areTrusted, IsMicrosoft = areMicrosoft };
    }

    /// <summary>Verifies the signature of a package or bundle.</summary>
    /// <param name="content">What the signature is held against, or null if there is none.</param>
    /// <param name="verificationTime">Now.</param>
    /// <param name="what">What it is, for messages.</param>
    internal SignatureVerdict Verify(SignedContent? content, DateTimeOffset verificationTime, string what = "package")
    {
        var findings = new FindingList();
        if (content is null)
        {
            findings.Add("signature-missing", Defect.SignatureMissing, $"The {what} is not signed: it has no AppxSignature.p7x.");
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

    private static TrustAnchors AnchorsOf(SignaturePolicy policy)
    {
        var anchors = new TrustAnchors(policy);
        if (policy.Mode != SignatureMode.Ignore && !anchors.NamesCertificates)
        {
            CertificateChain.Prepare();
        }

        return anchors;
    }

    private static void RequireEnd(bool isAtEnd, string parameter)
    {
        if (!isAtEnd)
        {
            throw new ArgumentException("A signature is verified before the content is read, or after all of it has been.", parameter);
        }
    }

    private SignatureVerdict Ignored() => new()
    {
        Mode = policy.Mode, IsComplete = false, Findings = [new("signature-ignored", null, "The signature was not looked at, as asked.")],
    };

    private SignatureVerdict VerifyInside(BundledPackage bundled, bool readsContent, DateTimeOffset verificationTime)
    {
        var package = bundled.Open();
        using var content = readsContent ? package.ReadContent() : null;
        content?.ReadToEnd();
        return Verify(package.ReadSignedContent(content), verificationTime);
    }
}

using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Signatures;

/// <summary>Who signed: the signature's value, the publisher, the timestamp, and the certificate with its chain.</summary>
internal sealed class SignerCheck(SignatureMode mode, TrustAnchors anchors, FindingList findings)
{
    // A clock may be a little behind the authority's.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>Checks everything, adds the findings, and fills in what it found out.</summary>
    public SignatureVerdict Check(PackageSignature signature, string publisher, DateTimeOffset now, SignatureVerdict verdict)
    {
        if (signature.Signer is not { } certificate)
        {
            findings.Add("signer-missing", Defect.SignatureInvalid, "The certificate that the signature names does not come along with it.");
            return verdict;
        }

        CheckValue(signature, certificate);
        if (!DistinguishedName.Matches(publisher, certificate.SubjectName))
        {
            findings.Add("publisher-mismatch", Defect.PublisherMismatch,
                $"The manifest's publisher is {Invalid.Quote(publisher)}, and the signing certificate is for " +
                $"{DistinguishedName.Describe(certificate)}; they must be the same name.");
        }

        var signingTime = CheckTimestamp(signature, now);
        if (signingTime is not null && FindPurposes(certificate).Contains(ObjectIdentifiers.LifetimeSigning))
        {
            findings.Add("timestamp-not-for-lifetime", null, "The signing certificate's signatures end with its life, whatever a timestamp says.");
            signingTime = null;
        }

        var chain = CertificateChain.Build(certificate, signature.Certificates, anchors, ObjectIdentifiers.CodeSigning, signingTime ?? now);
        var isFit = CheckCertificate(certificate, signingTime, now) & CheckChain(chain);
        findings.Add("revocation-unknown", null, "Whether the certificate was revoked cannot be known offline, and was not asked.");
        return verdict with
        {
            Chain = chain.Certificates,
            IsTrusted = isFit,
            IsMicrosoft = isFit && chain.Certificates.Any(MicrosoftRoots.Contains),
            SigningTime = signingTime,
        };
    }

    private void CheckValue(PackageSignature signature, X509Certificate2 certificate)
    {
        var (message, signer) = (signature.Message, signature.SignerInfo);
        var hash = SignatureAlgorithm.FindHash(signer.DigestAlgorithm);
        if (hash is null || hash == HashAlgorithmName.SHA1 || !message.DigestAlgorithms.Contains(signer.DigestAlgorithm))
        {
            findings.Add("signature-algorithm", Defect.SignatureInvalid,
                $"The signature hashes with {signer.DigestAlgorithm}; SHA-256, SHA-384 and SHA-512 are accepted, and it must announce which.");
            return;
        }

        if (signer.SignedAttributesToHash is not { } signed ||
            signer.FindSigned(ObjectIdentifiers.ContentType) is not { } contentType ||
            new AsnReader(contentType, AsnEncodingRules.BER).ReadObjectIdentifier() != message.ContentType ||
            signer.FindMessageDigest() is not { } messageDigest ||
            !CryptographicOperations.HashData(hash.Value, message.Content.Span).AsSpan().SequenceEqual(messageDigest))
        {
            findings.Add("message-digest", Defect.SignatureInvalid, "The digests were changed after signing: what was signed is the digest of another content.");
            return;
        }

        if (!SignatureAlgorithm.IsSignedBy(certificate, signer, signed))
        {
            findings.Add("signature-value", Defect.SignatureInvalid, $"The signature is not by the key of {DistinguishedName.Describe(certificate)}.");
        }
    }

    /// <summary>The time of a timestamp that can be relied on, or null.</summary>
    private DateTimeOffset? CheckTimestamp(PackageSignature signature, DateTimeOffset now)
    {
        if (signature.Timestamp is not { } timestamp)
        {
            findings.Add("timestamp-missing", null, "The signature has no timestamp: it ends with its certificate.");
            return null;
        }

        var time = Format(timestamp.Time);
        var authority = timestamp.FindSigner(signature.Certificates);
        if (authority is null || !timestamp.Covers(signature.SignerInfo.Signature.Span, authority))
        {
            findings.Add("timestamp-invalid", Defect.SignatureInvalid, $"The timestamp of {time} is not for this signature, or not by the certificate it names.");
            return null;
        }

        if (timestamp.Time > now + ClockTolerance)
        {
            findings.Add("timestamp-ignored", null, $"The timestamp of {time} lies in the future, and was not relied on.");
            return null;
        }

        var chain = CertificateChain.Build(authority, timestamp.Certificates.Concat(signature.Certificates), anchors, ObjectIdentifiers.TimeStamping, timestamp.Time);
        var isFit = chain.Faults.Count == 0 && FindPurposes(authority).Contains(ObjectIdentifiers.TimeStamping) && IsValidAt(authority, timestamp.Time);
        if (!chain.LeadsToAnchor || !isFit)
        {
            var why = chain.LeadsToAnchor ? "was not fit to give it" : "is not trusted";
            findings.Add("timestamp-ignored", null, $"The timestamp of {time} was not relied on: {DistinguishedName.Describe(authority)} {why}.");
            return null;
        }

        return timestamp.Time;
    }

    private bool CheckCertificate(X509Certificate2 certificate, DateTimeOffset? signingTime, DateTimeOffset now)
    {
        var isFit = true;
        if (!FindPurposes(certificate).Contains(ObjectIdentifiers.CodeSigning) || !AllowsSignatures(certificate))
        {
            isFit = Distrust("certificate-purpose", $"The certificate of {DistinguishedName.Describe(certificate)} is not for signing code.");
        }

        if (!IsValidAt(certificate, signingTime ?? now))
        {
            var from = Format(certificate.NotBefore.ToUniversalTime());
            var to = Format(certificate.NotAfter.ToUniversalTime());
            var when = signingTime is { } time ? $"at the time of its timestamp, {Format(time)}" : $"at {Format(now)}, and no timestamp shows that it signed earlier";
            isFit = Distrust("certificate-validity", $"The certificate of {DistinguishedName.Describe(certificate)} is valid from {from} to {to}: not {when}.");
        }

        return isFit;
    }

    private bool CheckChain(CertificateChain chain)
    {
        var isFit = true;
        foreach (var fault in chain.Faults)
        {
            isFit = Distrust("certificate-chain", $"The certificate's chain is not sound. {fault}");
        }

        return chain.LeadsToAnchor
            ? isFit
            : Distrust("certificate-untrusted",
                $"Neither the certificate of {DistinguishedName.Describe(chain.Certificates[0])} nor any above it is trusted; " +
                $"the chain ends at {DistinguishedName.Describe(chain.Certificates[^1])}.");
    }

    // With any certificate accepted, what is wrong with it is still worth knowing.
    private bool Distrust(string id, string message)
    {
        findings.Add(id, mode == SignatureMode.Trusted ? Defect.PublisherUntrusted : null, message);
        return false;
    }

    private static IEnumerable<string?> FindPurposes(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).Select(purpose => purpose.Value);

    private static bool AllowsSignatures(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().All(extension => (extension.KeyUsages & X509KeyUsageFlags.DigitalSignature) != 0);

    private static bool IsValidAt(X509Certificate2 certificate, DateTimeOffset time) =>
        time >= certificate.NotBefore.ToUniversalTime() && time <= certificate.NotAfter.ToUniversalTime();

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>A certificate's chain up to a trusted certificate, judged as of a time, for a purpose, and without any network.</summary>
internal sealed class CertificateChain
{
    // Trust is decided by the anchors, whether or not they are roots; revocation cannot be known here.
    private const X509ChainStatusFlags DecidedElsewhere =
        X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    // Of the first certificate these are looked at by themselves.
    private const X509ChainStatusFlags OfLeafDecidedElsewhere = DecidedElsewhere | X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage;

    private static readonly Lazy<Task<bool>> Preparation = new(() => Task.Run(BuildAny));

    private CertificateChain(IReadOnlyList<X509Certificate2> certificates, bool leadsToAnchor, IReadOnlyList<string> faults) =>
        (Certificates, LeadsToAnchor, Faults) = (certificates, leadsToAnchor, faults);

    /// <summary>From the certificate up to the anchor, or as far as known.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; }

    /// <summary>Whether it ends in a trusted certificate.</summary>
    public bool LeadsToAnchor { get; }

    /// <summary>What is wrong with it up to there, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>
    /// Begins what the first chain of a process waits for: on Linux the framework reads the machine's own certificates then, a tenth of a second, although
    /// none of them is trusted here. It goes on beside whatever comes before a signature. Nothing waits for it where a certificate is trusted by itself.
    /// </summary>
    public static void Prepare() => _ = Preparation.Value;

    /// <summary>Builds and judges a chain.</summary>
    /// <param name="leaf">Whose chain.</param>
    /// <param name="others">Certificates that may lie between; trusted for nothing.</param>
    /// <param name="anchors">Where it may end.</param>
    /// <param name="purpose">Key usage that every certificate must allow.</param>
    /// <param name="time">As of when.</param>
    public static CertificateChain Build(
        X509Certificate2 leaf, IEnumerable<X509Certificate2> others, TrustAnchors anchors, string purpose, DateTimeOffset time)
    {
        if (anchors.Contains(leaf))
        {
            // Nobody vouches for it but the policy, and what is looked at in a first certificate is looked at elsewhere.
            return new([leaf], leadsToAnchor: true, []);
        }

        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.UtcDateTime;
        policy.ApplicationPolicy.Add(new(purpose));
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        foreach (var certificate in others.Concat(anchors.Certificates))
        {
            policy.ExtraStore.Add(certificate);
            if (IsSelfIssued(certificate))
            {
                policy.CustomTrustStore.Add(certificate);
            }
        }

        chain.Build(leaf);
        return Judge(chain.ChainElements, anchors, purpose);
    }

    // Whatever may be wrong here is wrong again where a result counts.
    private static bool BuildAny()
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        return chain.Build(MicrosoftRoots.Certificates[0]);
    }

    private static CertificateChain Judge(X509ChainElementCollection elements, TrustAnchors anchors, string purpose)
    {
        var certificates = new List<X509Certificate2>();
        var faults = new List<string>();
        foreach (var element in elements)
        {
            var isAnchor = anchors.Contains(element.Certificate);
            var ignored = certificates.Count == 0 ? OfLeafDecidedElsewhere : DecidedElsewhere;
            if (CriticalExtensions.Allow(element.Certificate, purpose))
            {
                ignored |= X509ChainStatusFlags.HasNotSupportedCriticalExtension;
            }

            foreach (var status in element.ChainElementStatus)
            {
                // Nobody vouches for an anchor but the policy; only its own end of life counts.
                if ((status.Status & ~ignored) != 0 && (!isAnchor || status.Status == X509ChainStatusFlags.NotTimeValid))
                {
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"{DistinguishedName.Describe(element.Certificate)}: {status.Status}."));
                }
            }

            certificates.Add(element.Certificate);
            if (isAnchor)
            {
                return new(certificates, leadsToAnchor: true, faults);
            }
        }

        return new(certificates, leadsToAnchor: false, faults);
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}

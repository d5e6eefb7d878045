using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Listener.Checks;

/// <summary>
/// Whether a machine trusts a signer: it has his certificate among its trusted people, or a chain leads from it to a trusted root.
/// https://learn.microsoft.com/windows/msix/package/signing-package-overview,
/// https://learn.microsoft.com/windows/msix/package/create-certificate-package-signing
/// </summary>
/// <param name="people">SHA-256 thumbprints of the trusted people, lower-case hexadecimal.</param>
/// <param name="roots">Trusted roots; null: those of the system.</param>
internal sealed class CertificateTrust(IReadOnlyCollection<string> people, X509Certificate2Collection? roots)
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    /// <summary>Why the machine does not trust the signer, without a full stop; null: it does.</summary>
    public string? FindObstacle(PackageSigner signer)
    {
        if (people.Contains(ThumbprintOf(signer.Certificate)))
        {
            return null;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CodeSigning));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        // A package with a timestamp outlives its certificate: time is left to Windows, which reads that.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.ExtraStore.AddRange(signer.Others);
        if (roots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            chain.ChainPolicy.DisableCertificateDownloads = true;
        }

        return chain.Build(signer.Certificate)
            ? null
            : string.Join(", ", chain.ChainStatus.Where(status => status.Status != X509ChainStatusFlags.NotTimeValid).Select(status => status.Status).Distinct());
    }

    /// <summary>A certificate's SHA-256 thumbprint, lower-case hexadecimal.</summary>
    public static string ThumbprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
}

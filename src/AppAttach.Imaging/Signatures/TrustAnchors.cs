using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AppAttach.Imaging.Signatures;

/// <summary>The certificates that a policy trusts, by themselves and by thumbprint.</summary>
internal sealed class TrustAnchors
{
    private readonly HashSet<string> thumbprints = new(StringComparer.OrdinalIgnoreCase);
    private readonly X509Certificate2Collection given = [];
    private readonly Lazy<X509Certificate2Collection> all;

    /// <exception cref="ArgumentException">A certificate or thumbprint cannot be read; that is a fault of the settings, not of a package.</exception>
    public TrustAnchors(SignaturePolicy policy)
    {
        foreach (var file in policy.TrustedCertificates)
        {
            Import(given, file);
        }

        foreach (var text in policy.TrustedThumbprints)
        {
            thumbprints.Add(Normalize(text));
        }

        all = new(() => [.. given, .. policy.TrustsMicrosoft ? MicrosoftRoots.Certificates : [], .. policy.MachineRoots?.Invoke() ?? []]);
    }

    /// <summary>Whether the policy names certificates of its own. It then most often names those that packages are signed with.</summary>
    public bool NamesCertificates => given.Count > 0 || thumbprints.Count > 0;

    /// <summary>Every trusted certificate that is there as such.</summary>
    public X509Certificate2Collection Certificates => all.Value;

    /// <summary>Whether a certificate is trusted by itself.</summary>
    public bool Contains(X509Certificate2 certificate) =>
        thumbprints.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256)) || thumbprints.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA1)) ||
        Holds(given, certificate) || Holds(Certificates, certificate);

    private static bool Holds(X509Certificate2Collection anchors, X509Certificate2 certificate) =>
        anchors.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    private static void Import(X509Certificate2Collection certificates, ReadOnlyMemory<byte> file)
    {
        const byte sequenceTag = 0x30;
        var before = certificates.Count;
        try
        {
            if (file.Span is [sequenceTag, ..])
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(file.Span));
            }
            else
            {
                certificates.ImportFromPem(Encoding.UTF8.GetString(file.Span));
            }
        }
        catch (CryptographicException exception)
        {
            throw new ArgumentException("A trusted certificate is not a readable certificate in PEM or DER.", nameof(file), exception);
        }

        if (certificates.Count == before)
        {
            throw new ArgumentException("A file of trusted certificates holds none in PEM or DER.", nameof(file));
        }
    }

    private static string Normalize(string thumbprint)
    {
        var digits = string.Concat(thumbprint.Where(character => character is not (':' or ' ')));
        return digits.Length is (2 * SHA1.HashSizeInBytes) or (2 * SHA256.HashSizeInBytes) && digits.All(char.IsAsciiHexDigit)
            ? digits
            : throw new ArgumentException($"'{thumbprint}' is not a thumbprint: 40 or 64 hexadecimal digits are.", nameof(thumbprint));
    }
}

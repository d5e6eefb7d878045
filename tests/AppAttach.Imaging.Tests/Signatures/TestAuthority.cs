using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>A certificate with its key, and what it can issue.</summary>
internal sealed class TestAuthority
{
    public const string Subject = "CN=Contoso Test, O=Contoso Ltd, L=Redmond, S=Washington, C=US";
    public const string CodeSigning = "1.3.6.1.5.5.7.3.3";
    public const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    private readonly RSA key;
    private int issued;

    private TestAuthority(X509Certificate2 certificate, RSA key) => (Certificate, this.key) = (certificate, key);

    public static DateTimeOffset Start { get; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public X509Certificate2 Certificate { get; }

    public byte[] Pem => System.Text.Encoding.ASCII.GetBytes(Certificate.ExportCertificatePem());

    public string KeyPem => key.ExportPkcs8PrivateKeyPem();

    /// <summary>A root.</summary>
    public static TestAuthority Root(string name)
    {
        var key = RSA.Create(2048);
        var request = Request(name, key, isAuthority: true, purpose: null);
        return new(request.CreateSelfSigned(Start.AddYears(-5), Start.AddYears(20)), key);
    }

    /// <summary>A certificate of its own making, as publishers use who have no authority.</summary>
    public static TestAuthority SelfSigned(string name = Subject, string? purpose = CodeSigning, DateTimeOffset? end = null)
    {
        var key = RSA.Create(2048);
        return new(Request(name, key, isAuthority: false, purpose).CreateSelfSigned(Start, end ?? Start.AddYears(10)), key);
    }

    /// <summary>A certificate issued by this one.</summary>
    public TestAuthority Issue(string name, bool isAuthority = false, string? purpose = CodeSigning, DateTimeOffset? end = null)
    {
        var issuedKey = RSA.Create(2048);
        var request = Request(name, issuedKey, isAuthority, purpose);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var generator = X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
        return new(request.Create(Certificate.SubjectName, generator, Start, end ?? Start.AddYears(10), [1, (byte)++issued]), issuedKey);
    }

    /// <summary>The same certificate request signed by a key that is not this authority's: a forgery in this one's name.</summary>
    public TestAuthority Forge(string name)
    {
        var impostor = new TestAuthority(Certificate, RSA.Create(2048));
        return impostor.Issue(name);
    }

    private static CertificateRequest Request(string name, RSA key, bool isAuthority, string? purpose)
    {
        // Encoded with the most general part first, as certificates have it.
        var request = new CertificateRequest(new X500DistinguishedName(name, X500DistinguishedNameFlags.Reversed), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            isAuthority ? X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (purpose is not null && !isAuthority)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. purpose.Split(',').Select(part => new Oid(part))], critical: purpose == TimeStamping));
        }

        return request;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// The roots under which Microsoft signs its own packages and their timestamps. Fingerprints as of the certificates in Microsoft's own
/// sources: microsoft/msix-packaging <c>resources/certs</c> (<c>base64_MSFT_RCA_2010.cer</c>, <c>base64_MSFT_RCA_2011.cer</c>), and again in the list of
/// the Microsoft trusted root programme that the .NET SDK carries (<c>trustedroots/codesignctl.pem</c>).
/// </summary>
public static class MicrosoftRoots
{
    private const string Resource = "AppAttach.Imaging.Signatures.MicrosoftRoots.pem";

    private static readonly Lazy<X509Certificate2Collection> Embedded = new(Load);

    /// <summary>SHA-256 fingerprint of Microsoft Root Certificate Authority 2010.</summary>
    public const string Root2010 = "DF545BF919A2439C36983B54CDFC903DFA4F37D3996D8D84B4C31EEC6F3C163E";

    /// <summary>SHA-256 fingerprint of Microsoft Root Certificate Authority 2011.</summary>
    public const string Root2011 = "847DF6A78497943F27FC72EB93F9A637320A02B561D0A91B09E87A7807ED7C61";

    /// <summary>The certificates, which signatures seldom carry along.</summary>
    internal static X509Certificate2Collection Certificates => Embedded.Value;

    /// <summary>Whether a certificate is one of them.</summary>
    /// <param name="certificate">Any certificate.</param>
    public static bool Contains(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256) is Root2010 or Root2011;

    private static X509Certificate2Collection Load()
    {
        using var stream = typeof(MicrosoftRoots).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(reader.ReadToEnd());
        return certificates;
    }
}

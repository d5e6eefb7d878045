using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Listener.Checks;

/// <summary>
/// Whose certificate a package is signed with: read from <c>AppxSignature.p7x</c>, which is <c>PKCX</c> and a signed message (RFC 5652 5.1 and 5.3). The signature
/// itself is not verified: the pipeline has done that, and Windows does it.
/// </summary>
/// <param name="Certificate">The signer's.</param>
/// <param name="Others">The other certificates of the message, which lead from it to a root.</param>
internal sealed record PackageSigner(X509Certificate2 Certificate, X509Certificate2Collection Others) : IDisposable
{
    private const int MostCertificates = 100;
    private const string SignedData = "1.2.840.113549.1.7.2";

    private static readonly byte[] Magic = "PKCX"u8.ToArray();
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    /// <summary>Reads it.</summary>
    /// <param name="signature">Content of <c>AppxSignature.p7x</c>.</param>
    /// <returns>The signer; null: it is not such a file, or does not hold the signer's certificate.</returns>
    public static PackageSigner? Read(ReadOnlyMemory<byte> signature)
    {
        var certificates = new List<X509Certificate2>();
        try
        {
            if (!signature.Span.StartsWith(Magic))
            {
                return null;
            }

            var contentInfo = new AsnReader(signature[Magic.Length..], AsnEncodingRules.BER).ReadSequence();
            if (contentInfo.ReadObjectIdentifier() != SignedData)
            {
                return null;
            }

            var message = contentInfo.ReadSequence(Context0).ReadSequence();
            _ = message.ReadInteger(); // version
            _ = message.ReadEncodedValue(); // digestAlgorithms
            _ = message.ReadEncodedValue(); // encapContentInfo
            ReadCertificates(message, certificates);
            var signer = FindSigner(message, certificates);
            return signer is null ? null : new PackageSigner(signer, [.. certificates.Where(certificate => certificate != signer)]);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var certificate in Others)
        {
            certificate.Dispose();
        }
    }

    private static void ReadCertificates(AsnReader message, List<X509Certificate2> certificates)
    {
        while (message.PeekTag().TagClass == TagClass.ContextSpecific)
        {
            var isCertificates = message.PeekTag().HasSameClassAndValue(Context0);
            var optional = new AsnReader(message.ReadEncodedValue(), AsnEncodingRules.BER);
            var set = isCertificates ? optional.ReadSetOf(skipSortOrderValidation: true, Context0) : null;
            while (set is { HasData: true } && certificates.Count < MostCertificates)
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(set.ReadEncodedValue().Span));
            }
        }
    }

    // SignerInfo: version, then issuer and serial number. Packages have one.
    private static X509Certificate2? FindSigner(AsnReader message, List<X509Certificate2> certificates)
    {
        var signer = message.ReadSetOf(skipSortOrderValidation: true).ReadSequence();
        _ = signer.ReadInteger();
        var identifier = signer.ReadSequence();
        var issuer = identifier.ReadEncodedValue();
        var serial = identifier.ReadIntegerBytes();
        return certificates.Find(certificate =>
            certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.Span) && certificate.SerialNumberBytes.Span.SequenceEqual(serial.Span));
    }
}

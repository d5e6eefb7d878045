using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// A signed message as packages and timestamps carry it: RFC 5652 5.1 and, for the content, RFC 2315 9.1.
/// <code>
/// ContentInfo ::= SEQUENCE { OID signedData, [0] SignedData }
/// SignedData ::= SEQUENCE {
///   version INTEGER,
///   digestAlgorithms SET OF AlgorithmIdentifier,
///   contentInfo SEQUENCE { contentType OID, [0] EXPLICIT content OPTIONAL },
///   certificates [0] IMPLICIT SET OPTIONAL,
///   crls [1] IMPLICIT SET OPTIONAL,
///   signerInfos SET OF SignerInfo }
/// </code>
/// The content of a timestamp is an OCTET STRING, that of a package a SEQUENCE: the digest is over its octets without tag and length in both.
/// </summary>
internal sealed class SignedMessage
{
    private const int MostCertificates = 100;
    private const int MostSigners = 10;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly AsnReaderOptions AnyOrder = new() { SkipSetSortOrderVerification = true };

    /// <summary>Reads one, which must fill the bytes given.</summary>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A certificate is malformed.</exception>
    public SignedMessage(ReadOnlyMemory<byte> encoded)
    {
        var outer = new AsnReader(encoded, AsnEncodingRules.BER, AnyOrder);
        var contentInfo = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        if (contentInfo.ReadObjectIdentifier() != ObjectIdentifiers.SignedData)
        {
            throw new AsnContentException("This is not signed data.");
        }

        var signedData = contentInfo.ReadSequence(Context0).ReadSequence();
        Version = (int)signedData.ReadInteger();
        DigestAlgorithms = ReadDigestAlgorithms(signedData.ReadSetOf(skipSortOrderValidation: true));
        var content = signedData.ReadSequence();
        ContentType = content.ReadObjectIdentifier();
        if (content.HasData)
        {
            var wrapped = content.ReadSequence(Context0);
            var octets = wrapped.PeekContentBytes();
            var isOctetString = wrapped.PeekTag().HasSameClassAndValue(Asn1Tag.PrimitiveOctetString);
            Content = isOctetString ? wrapped.ReadOctetString() : octets;
            if (!isOctetString)
            {
                wrapped.ReadEncodedValue();
            }

            wrapped.ThrowIfNotEmpty();
        }

        while (signedData.HasData && signedData.PeekTag().TagClass == TagClass.ContextSpecific)
        {
            ReadOptional(signedData);
        }

        var signers = signedData.ReadSetOf(skipSortOrderValidation: true);
        while (signers.HasData)
        {
            Limit(Signers.Count, MostSigners, "signers");
            Signers.Add(new(signers.ReadEncodedValue()));
        }
    }

    /// <summary>Version of the structure; 1 in packages.</summary>
    public int Version { get; }

    /// <summary>Identifiers of the hashes that signers may use.</summary>
    public IReadOnlyList<string> DigestAlgorithms { get; }

    /// <summary>Identifier of what the content is.</summary>
    public string ContentType { get; }

    /// <summary>The content's octets, as they are hashed.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Every certificate that comes along.</summary>
    public List<X509Certificate2> Certificates { get; } = [];

    /// <summary>Every signer.</summary>
    public List<SignerInfo> Signers { get; } = [];

    private void ReadOptional(AsnReader signedData)
    {
        if (!signedData.PeekTag().HasSameClassAndValue(Context0))
        {
            signedData.ReadSetOf(skipSortOrderValidation: true, Context1);
            return;
        }

        var certificates = signedData.ReadSetOf(skipSortOrderValidation: true, Context0);
        while (certificates.HasData)
        {
            Limit(Certificates.Count, MostCertificates, "certificates");
            if (certificates.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
            {
                Certificates.Add(X509CertificateLoader.LoadCertificate(certificates.ReadEncodedValue().Span));
            }
            else
            {
                // Attribute certificates and the like say nothing that is used here.
                certificates.ReadEncodedValue();
            }
        }
    }

    private static List<string> ReadDigestAlgorithms(AsnReader reader)
    {
        const int mostAlgorithms = 10;
        var algorithms = new List<string>();
        while (reader.HasData)
        {
            Limit(algorithms.Count, mostAlgorithms, "digest algorithms");
            algorithms.Add(reader.ReadSequence().ReadObjectIdentifier());
        }

        return algorithms;
    }

    private static void Limit(int count, int most, string what)
    {
        if (count == most)
        {
            throw new AsnContentException($"More than {most} {what}.");
        }
    }
}

using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// One signer of a signed message: RFC 5652 5.3.
/// <code>
/// SignerInfo ::= SEQUENCE {
///   version INTEGER,
///   sid CHOICE { SEQUENCE { issuer, serial }, [0] subject key identifier },
///   digestAlgorithm AlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SET OF Attribute OPTIONAL,
///   signatureAlgorithm AlgorithmIdentifier,
///   signature OCTET STRING,
///   unsignedAttrs [1] IMPLICIT SET OF Attribute OPTIONAL }
/// </code>
/// </summary>
internal sealed class SignerInfo
{
    private const int MostAttributes = 100;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly AsnReaderOptions AnyOrder = new() { SkipSetSortOrderVerification = true };

    private readonly ReadOnlyMemory<byte>? issuer;
    private readonly BigInteger serialNumber;
    private readonly ReadOnlyMemory<byte> keyIdentifier;

    /// <summary>Reads one.</summary>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    public SignerInfo(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.BER, AnyOrder).ReadSequence();
        reader.ReadInteger();
        if (reader.PeekTag().HasSameClassAndValue(Context0))
        {
            keyIdentifier = reader.ReadOctetString(Context0);
        }
        else
        {
            var issuerAndSerial = reader.ReadSequence();
            issuer = issuerAndSerial.ReadEncodedValue();
            serialNumber = issuerAndSerial.ReadInteger();
        }

        (DigestAlgorithm, _) = ReadAlgorithm(reader);
        if (reader.PeekTag().HasSameClassAndValue(Context0))
        {
            SignedAttributesToHash = WithSetTag(reader.PeekEncodedValue());
            SignedAttributes = ReadAttributes(reader.ReadSetOf(skipSortOrderValidation: true, Context0));
        }

        (SignatureAlgorithm, SignatureParameters) = ReadAlgorithm(reader);
        Signature = reader.ReadOctetString();
        if (reader.HasData)
        {
            UnsignedAttributes = ReadAttributes(reader.ReadSetOf(skipSortOrderValidation: true, Context1));
        }

        reader.ThrowIfNotEmpty();
    }

    /// <summary>Identifier of the hash.</summary>
    public string DigestAlgorithm { get; }

    /// <summary>The signed attributes as they are hashed, or null if there are none and the content itself was signed.</summary>
    public byte[]? SignedAttributesToHash { get; }

    /// <summary>Identifier and first value of each signed attribute.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> SignedAttributes { get; } = [];

    /// <summary>Identifier of the signature's algorithm.</summary>
    public string SignatureAlgorithm { get; }

    /// <summary>Its parameters, if any.</summary>
    public ReadOnlyMemory<byte>? SignatureParameters { get; }

    /// <summary>The signature's value.</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Identifier and first value of each attribute that is not signed.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> UnsignedAttributes { get; } = [];

    /// <summary>The value of a signed attribute that may be there once.</summary>
    /// <returns>The encoded value, or null if it is not there or is there twice.</returns>
    public ReadOnlyMemory<byte>? FindSigned(string identifier)
    {
        var values = SignedAttributes.Where(attribute => attribute.Key == identifier).ToList();
        return values.Count == 1 ? values[0].Value : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>The content of a signed attribute <c>messageDigest</c>, or null.</summary>
    public byte[]? FindMessageDigest() =>
        FindSigned(ObjectIdentifiers.MessageDigest) is { } value ? new AsnReader(value, AsnEncodingRules.BER).ReadOctetString() : null;

    /// <summary>The certificate this signer names, or null if it is not among those given.</summary>
    public X509Certificate2? FindCertificate(IEnumerable<X509Certificate2> certificates) => certificates.FirstOrDefault(Names);

    private bool Names(X509Certificate2 certificate)
    {
        if (issuer is { } name)
        {
            return certificate.IssuerName.RawData.AsSpan().SequenceEqual(name.Span) &&
                new BigInteger(certificate.SerialNumberBytes.Span, isBigEndian: true) == serialNumber;
        }

        var extension = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault();
        return extension is not null && extension.SubjectKeyIdentifierBytes.Span.SequenceEqual(keyIdentifier.Span);
    }

    private static (string Identifier, ReadOnlyMemory<byte>? Parameters) ReadAlgorithm(AsnReader reader)
    {
        var algorithm = reader.ReadSequence();
        var identifier = algorithm.ReadObjectIdentifier();
        return (identifier, algorithm.HasData ? algorithm.ReadEncodedValue() : default(ReadOnlyMemory<byte>?));
    }

    private static List<KeyValuePair<string, ReadOnlyMemory<byte>>> ReadAttributes(AsnReader reader)
    {
        var attributes = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
        while (reader.HasData)
        {
            if (attributes.Count == MostAttributes)
            {
                throw new AsnContentException($"More than {MostAttributes} attributes.");
            }

            var attribute = reader.ReadSequence();
            var identifier = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            attribute.ThrowIfNotEmpty();
            attributes.Add(new(identifier, values.ReadEncodedValue()));
        }

        return attributes;
    }

    // RFC 5652 5.4: hashed with the tag of a SET instead of the implicit one.
    private static byte[] WithSetTag(ReadOnlyMemory<byte> encoded)
    {
        const byte setTag = 0x31;
        var bytes = encoded.ToArray();
        bytes[0] = setTag;
        return bytes;
    }
}

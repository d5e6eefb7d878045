using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// A timestamp on a signature, in either form: an RFC 3161 token (attribute 1.3.6.1.4.1.311.3.3.1), or the older countersignature
/// (attribute 1.2.840.113549.1.9.6), whose certificates come along with the package's own.
/// </summary>
public sealed class Timestamp
{
    private readonly SignedMessage? token;
    private readonly SignerInfo signer;
    private readonly string imprintAlgorithm;
    private readonly byte[] imprint;

    private Timestamp(SignedMessage? token, SignerInfo signer, DateTimeOffset time, string imprintAlgorithm, byte[] imprint) =>
        (this.token, this.signer, Time, this.imprintAlgorithm, this.imprint) = (token, signer, time, imprintAlgorithm, imprint);

    /// <summary>The time it states.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Whether it is an RFC 3161 token and not the older kind.</summary>
    public bool IsToken => token is not null;

    /// <summary>Certificates that come along with it; none with the older kind.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => token?.Certificates ?? [];

    /// <summary>The timestamp on a signature; of both kinds the token.</summary>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    internal static Timestamp? Find(SignerInfo signed)
    {
        ReadOnlyMemory<byte>? Value(string identifier) =>
            signed.UnsignedAttributes.Where(attribute => attribute.Key == identifier).Select(attribute => (ReadOnlyMemory<byte>?)attribute.Value).FirstOrDefault();

        return Value(ObjectIdentifiers.MicrosoftTimestamp) is { } encodedToken ? ReadToken(encodedToken)
            : Value(ObjectIdentifiers.Countersignature) is { } countersignature ? ReadCountersignature(countersignature)
            : null;
    }

    /// <summary>The certificate of the time-stamping authority, or null if it does not come along.</summary>
    /// <param name="others">The certificates of the package's signature.</param>
    internal X509Certificate2? FindSigner(IEnumerable<X509Certificate2> others) => signer.FindCertificate(Certificates.Concat(others));

    /// <summary>Whether it is for a signature and by a certificate's key.</summary>
    internal bool Covers(ReadOnlySpan<byte> signature, X509Certificate2 authority) =>
        SignatureAlgorithm.FindHash(imprintAlgorithm) is { } hash &&
        CryptographicOperations.HashData(hash, signature).AsSpan().SequenceEqual(imprint) &&
        (token is null || HasContent(token)) &&
        signer.SignedAttributesToHash is { } signed &&
        SignatureAlgorithm.IsSignedBy(authority, signer, signed);

    private bool HasContent(SignedMessage message) =>
        SignatureAlgorithm.FindHash(signer.DigestAlgorithm) is { } hash &&
        signer.FindSigned(ObjectIdentifiers.ContentType) is { } contentType &&
        new AsnReader(contentType, AsnEncodingRules.BER).ReadObjectIdentifier() == message.ContentType &&
        CryptographicOperations.HashData(hash, message.Content.Span).AsSpan().SequenceEqual(signer.FindMessageDigest());

    // RFC 3161 2.4.2: TSTInfo ::= SEQUENCE { version, policy, SEQUENCE { hashAlgorithm, hashedMessage }, serialNumber, genTime, … }
    private static Timestamp ReadToken(ReadOnlyMemory<byte> encoded)
    {
        var message = new SignedMessage(encoded);
        if (message.ContentType != ObjectIdentifiers.TimestampInfo || message.Signers.Count != 1)
        {
            throw new AsnContentException("The timestamp is not a time-stamp token of one signer.");
        }

        var information = new AsnReader(message.Content, AsnEncodingRules.BER).ReadSequence();
        information.ReadInteger();
        information.ReadObjectIdentifier();
        var imprint = information.ReadSequence();
        var algorithm = imprint.ReadSequence().ReadObjectIdentifier();
        var hashed = imprint.ReadOctetString();
        information.ReadInteger();
        return new(message, message.Signers[0], information.ReadGeneralizedTime(), algorithm, hashed);
    }

    private static Timestamp ReadCountersignature(ReadOnlyMemory<byte> encoded)
    {
        var signer = new SignerInfo(encoded);
        var digest = signer.FindMessageDigest() ?? throw new AsnContentException("The countersignature has no message digest.");
        var time = signer.FindSigned(ObjectIdentifiers.SigningTime) ?? throw new AsnContentException("The countersignature states no time.");
        var reader = new AsnReader(time, AsnEncodingRules.BER);
        var stated = reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
        return new(token: null, signer, stated, signer.DigestAlgorithm, digest);
    }
}

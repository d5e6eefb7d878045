using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Signatures;

/// <summary>
/// A package signature as it was read from <c>AppxSignature.p7x</c>: the four bytes <c>PKCX</c>, then a signed message whose content is
/// <code>
/// SEQUENCE { OID 1.3.6.1.4.1.311.2.1.30, SEQUENCE { INTEGER 0x01010000, OCTET STRING 16-byte subject interface, INTEGER … } }
/// SEQUENCE { AlgorithmIdentifier, OCTET STRING digest list }
/// </code>
/// Reading says nothing about what it is worth; <see cref="SignatureVerifier"/> does.
/// </summary>
public sealed class PackageSignature
{
    /// <summary>Largest signature that is read, in bytes: 2 MiB, as the MSIX SDK.</summary>
    public const int LargestBytes = 2 << 20;

    private static readonly byte[] Magic = "PKCX"u8.ToArray();
    private static readonly byte[] PackageInterface = Convert.FromHexString("4BDFC50A07CEE24DB76E23C839A09FD1");
    private static readonly byte[] BundleInterface = Convert.FromHexString("B3585F0FDEAA9A4BA43495742D92ECEB");

    private PackageSignature(SignedMessage message, SignerInfo signer, bool isBundle, HashMethod method, DigestList digests)
    {
        (Message, SignerInfo, IsBundle, Method, Digests) = (message, signer, isBundle, method, digests);
        Signer = signer.FindCertificate(message.Certificates);
        Timestamp = Timestamp.Find(signer);
    }

    /// <summary>Whether it is for a bundle.</summary>
    public bool IsBundle { get; }

    /// <summary>Identifier of the digests' hash as a block map writes it, such as <c>http://www.w3.org/2001/04/xmlenc#sha256</c>.</summary>
    public string HashMethod => Method.Identifier;

    /// <summary>The digests.</summary>
    public DigestList Digests { get; }

    /// <summary>The certificate that the signer names, or null if it does not come along.</summary>
    public X509Certificate2? Signer { get; }

    /// <summary>Every certificate that comes along, the signer's too.</summary>
    public IReadOnlyList<X509Certificate2> Certificates => Message.Certificates;

    /// <summary>The timestamp, or null.</summary>
    public Timestamp? Timestamp { get; }

    internal SignedMessage Message { get; }

    internal SignerInfo SignerInfo { get; }

    internal HashMethod Method { get; }

    /// <summary>Reads a signature.</summary>
    /// <param name="content">Content of <c>AppxSignature.p7x</c>.</param>
    /// <exception cref="InvalidInputException"><see cref="Defect.SignatureInvalid"/> if it is malformed, <see cref="Defect.LimitExceeded"/> if it is too large.</exception>
    public static PackageSignature Read(ReadOnlyMemory<byte> content)
    {
        if (content.Length > LargestBytes)
        {
            throw Invalid.Limit("Size of the signature in bytes", content.Length, LargestBytes);
        }

        if (!content.Span.StartsWith(Magic))
        {
            throw Malformed("does not start with PKCX");
        }

        try
        {
            var message = new SignedMessage(content[Magic.Length..]);
            return message.ContentType == ObjectIdentifiers.SpcIndirectData
                ? ReadContent(message)
                : throw Malformed($"signs content of type {message.ContentType}");
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            throw Malformed("is not a well-formed signed message", exception);
        }
    }

    /// <summary>Whether an exception means that encoded bytes are not what they should be.</summary>
    internal static bool IsMalformed(Exception exception) =>
        exception is AsnContentException or CryptographicException or OverflowException or ArgumentException or FormatException;

    private static PackageSignature ReadContent(SignedMessage message)
    {
        var reader = new AsnReader(message.Content, AsnEncodingRules.DER);
        var subject = reader.ReadSequence();
        if (subject.ReadObjectIdentifier() != ObjectIdentifiers.SpcSipInfo)
        {
            throw Malformed("is for another kind of file");
        }

        var information = subject.ReadSequence();
        information.ReadInteger();
        var subjectInterface = information.ReadOctetString();
        var isBundle = subjectInterface.AsSpan().SequenceEqual(BundleInterface);
        if (!isBundle && !subjectInterface.AsSpan().SequenceEqual(PackageInterface))
        {
            throw Malformed("is neither for a package nor for a bundle");
        }

        var digestInfo = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var algorithm = digestInfo.ReadSequence().ReadObjectIdentifier();
        var method = FindMethod(algorithm) ?? throw Malformed($"has digests of algorithm {algorithm}; SHA-256, SHA-384 and SHA-512 are accepted");
        var list = digestInfo.ReadOctetString();
        digestInfo.ThrowIfNotEmpty();
        var digests = DigestList.TryRead(list, method.SizeBytes) ?? throw Malformed("does not hold the digests AXPC, AXCD, AXCT, AXBM and AXCI in their order");
        if (message.Version != 1 || message.Signers.Count != 1)
        {
            throw Malformed($"has version {message.Version} and {message.Signers.Count} signers; both must be 1");
        }

        return new(message, message.Signers[0], isBundle, method, digests);
    }

    private static HashMethod? FindMethod(string identifier) => identifier switch
    {
        ObjectIdentifiers.Sha256 => Packages.HashMethod.Sha256,
        ObjectIdentifiers.Sha384 => Packages.HashMethod.Sha384,
        ObjectIdentifiers.Sha512 => Packages.HashMethod.Sha512,
        _ => null,
    };

    private static InvalidInputException Malformed(string fault, Exception? inner = null) =>
        new(Defect.SignatureInvalid, $"AppxSignature.p7x {fault}.", inner);
}

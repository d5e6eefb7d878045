using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Signatures;

/// <summary>Digest and signature algorithms by their identifiers, and what a key says about a signature.</summary>
internal static class SignatureAlgorithm
{
    /// <summary>The hash of an identifier, or null if it is none that is accepted. SHA-1 is known for timestamps of its time only.</summary>
    public static HashAlgorithmName? FindHash(string identifier) => identifier switch
    {
        ObjectIdentifiers.Sha1 => HashAlgorithmName.SHA1,
        ObjectIdentifiers.Sha256 => HashAlgorithmName.SHA256,
        ObjectIdentifiers.Sha384 => HashAlgorithmName.SHA384,
        ObjectIdentifiers.Sha512 => HashAlgorithmName.SHA512,
        _ => null,
    };

    /// <summary>Whether a signature over data is by a certificate's key.</summary>
    /// <param name="certificate">Whose key.</param>
    /// <param name="signer">The signature with its algorithms.</param>
    /// <param name="data">What was signed.</param>
    /// <returns>False too for algorithms that are not accepted, and for a key of another kind than the algorithm.</returns>
    public static bool IsSignedBy(X509Certificate2 certificate, SignerInfo signer, ReadOnlySpan<byte> data)
    {
        if (FindHash(signer.DigestAlgorithm) is not { } digest)
        {
            return false;
        }

        return signer.SignatureAlgorithm switch
        {
            ObjectIdentifiers.Rsa => IsRsa(certificate, signer, data, digest, RSASignaturePadding.Pkcs1),
            ObjectIdentifiers.Sha1WithRsa => digest == HashAlgorithmName.SHA1 && IsRsa(certificate, signer, data, digest, RSASignaturePadding.Pkcs1),
            ObjectIdentifiers.Sha256WithRsa => IsRsa(certificate, signer, data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ObjectIdentifiers.Sha384WithRsa => IsRsa(certificate, signer, data, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            ObjectIdentifiers.Sha512WithRsa => IsRsa(certificate, signer, data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            ObjectIdentifiers.RsaPss => IsPss(signer.SignatureParameters, digest) && IsRsa(certificate, signer, data, digest, RSASignaturePadding.Pss),
            ObjectIdentifiers.EcPublicKey => IsEcdsa(certificate, signer, data, digest),
            ObjectIdentifiers.EcdsaWithSha256 => IsEcdsa(certificate, signer, data, HashAlgorithmName.SHA256),
            ObjectIdentifiers.EcdsaWithSha384 => IsEcdsa(certificate, signer, data, HashAlgorithmName.SHA384),
            ObjectIdentifiers.EcdsaWithSha512 => IsEcdsa(certificate, signer, data, HashAlgorithmName.SHA512),
            _ => false,
        };
    }

    private static bool IsRsa(
        X509Certificate2 certificate, SignerInfo signer, ReadOnlySpan<byte> data, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var key = certificate.GetRSAPublicKey();
        return key is not null && key.VerifyData(data, signer.Signature.Span, hash, padding);
    }

    private static bool IsEcdsa(X509Certificate2 certificate, SignerInfo signer, ReadOnlySpan<byte> data, HashAlgorithmName hash)
    {
        using var key = certificate.GetECDsaPublicKey();
        return key is not null && key.VerifyData(data, signer.Signature.Span, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    // RFC 4055 3.1. The framework verifies a salt as long as the hash and MGF1 over the same hash; others are not accepted.
    private static bool IsPss(ReadOnlyMemory<byte>? parameters, HashAlgorithmName digest)
    {
        if (parameters is not { } encoded)
        {
            return false;
        }

        var reader = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        var maskTag = new Asn1Tag(TagClass.ContextSpecific, 1);
        var saltTag = new Asn1Tag(TagClass.ContextSpecific, 2);
        if (!reader.HasData || !reader.PeekTag().HasSameClassAndValue(hashTag) ||
            FindHash(reader.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier()) != digest ||
            !reader.HasData || !reader.PeekTag().HasSameClassAndValue(maskTag))
        {
            return false;
        }

        var mask = reader.ReadSequence(maskTag).ReadSequence();
        if (mask.ReadObjectIdentifier() != ObjectIdentifiers.Mgf1 || FindHash(mask.ReadSequence().ReadObjectIdentifier()) != digest)
        {
            return false;
        }

        var hashBytes = CryptographicOperations.HashData(digest, []).Length;
        return reader.HasData && reader.PeekTag().HasSameClassAndValue(saltTag) &&
            reader.ReadSequence(saltTag).TryReadInt32(out var salt) && salt == hashBytes;
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace AppAttach.Imaging.Tests.Signatures;

/// <summary>Puts timestamps of the older kind on signatures, with the framework's CMS, which had no part in our reader.</summary>
internal static class Countersignature
{
    /// <summary>Adds one.</summary>
    /// <param name="message">The signed message.</param>
    /// <param name="clock">The time-stamping authority.</param>
    /// <param name="time">The time it states.</param>
    /// <param name="padding">How its own signature is padded; PKCS#1 if not given.</param>
    /// <param name="ofSignature">Another message whose signature it is made for, to be wrong.</param>
    public static byte[] Add(byte[] message, TestAuthority clock, DateTimeOffset time, byte[]? ofSignature = null, RSASignaturePadding? padding = null)
    {
        var made = new SignedCms();
        made.Decode(ofSignature ?? message);
        using var key = RSA.Create();
        key.ImportFromPem(clock.KeyPem);
        using var certificate = clock.Certificate.HasPrivateKey ? new X509Certificate2(clock.Certificate) : clock.Certificate.CopyWithPrivateKey(key);
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificate)
        {
            IncludeOption = X509IncludeOption.EndCertOnly,
            SignaturePadding = padding ?? RSASignaturePadding.Pkcs1,
        };

        // As authorities' tokens have it, and as OpenSSL asks for: the type of what was signed is "data".
        signer.SignedAttributes.Add(new AsnEncodedData("1.2.840.113549.1.9.3", [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01]));
        signer.SignedAttributes.Add(new Pkcs9SigningTime(time.UtcDateTime));
        made.SignerInfos[0].ComputeCounterSignature(signer);
        if (ofSignature is null)
        {
            return made.Encode();
        }

        var target = new SignedCms();
        target.Decode(message);
        var attribute = made.SignerInfos[0].UnsignedAttributes.Cast<CryptographicAttributeObject>().Single();
        target.SignerInfos[0].AddUnsignedAttribute(attribute.Values[0]);
        target.AddCertificate(certificate);
        return target.Encode();
    }
}

using System.Security.Cryptography;

namespace AppAttach.Contracts;

/// <summary>
/// Shows that a host's message was written by whoever wrote the earlier ones: the host's public key, and a signature over the message's body. Both travel
/// as properties of the message. It says nothing of who the host is; what it is worth is in <c>src/decisions/0009</c>.
/// </summary>
/// <param name="Key">Public key, ECDSA over P-256: SubjectPublicKeyInfo (RFC 5280), Base64.</param>
/// <param name="Signature">Signature over SHA-256 of the body: r and s of 32 bytes each (IEEE P1363), Base64.</param>
public sealed record HostProof(string Key, string Signature)
{
    /// <summary>Message property of the key.</summary>
    public const string KeyProperty = "host-key";

    /// <summary>Message property of the signature.</summary>
    public const string SignatureProperty = "host-signature";

    private const int KeyBits = 256;

    /// <summary>Characters of either at most: a key has 124, a signature 88.</summary>
    private const int LongestText = 200;

    /// <summary>Signs a message.</summary>
    /// <param name="key">The host's key pair, over P-256.</param>
    /// <param name="body">The message's body.</param>
    /// <returns>The proof to send with it.</returns>
    public static HostProof Sign(ECDsa key, ReadOnlySpan<byte> body) =>
        new(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Convert.ToBase64String(key.SignData(body, HashAlgorithmName.SHA256)));

    /// <summary>Finds the proof of a message.</summary>
    /// <param name="properties">The message's properties.</param>
    /// <returns>The proof, unchecked; null: the message has none.</returns>
    public static HostProof? Find(IReadOnlyDictionary<string, object> properties) =>
        properties.GetValueOrDefault(KeyProperty) is string key && properties.GetValueOrDefault(SignatureProperty) is string signature
            ? new HostProof(key, signature)
            : null;

    /// <summary>Checks the signature.</summary>
    /// <param name="body">The body of the message that it came with.</param>
    /// <returns>What the key is known by: SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal. Null: this is no signature of that key over that body.</returns>
    public string? Verify(ReadOnlySpan<byte> body)
    {
        if (Key.Length > LongestText || Signature.Length > LongestText)
        {
            return null;
        }

        try
        {
            var info = Convert.FromBase64String(Key);
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(info, out var read);
            return read == info.Length
                && key.KeySize == KeyBits
                && key.VerifyData(body, Convert.FromBase64String(Signature), HashAlgorithmName.SHA256)
                    ? Convert.ToHexStringLower(SHA256.HashData(info))
                    : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }
}

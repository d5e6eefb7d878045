using System.Security.Cryptography;

namespace AppAttach.Imaging.Packages;

/// <summary>The hash that a block map names in <c>HashMethod</c>: SHA-256, SHA-384 or SHA-512.</summary>
internal sealed class HashMethod
{
    /// <summary>Size of the largest hash, in bytes.</summary>
    public const int MaximumSizeBytes = SHA512.HashSizeInBytes;

    public static readonly HashMethod Sha256 = new("http://www.w3.org/2001/04/xmlenc#sha256", SHA256.HashSizeInBytes, HashAlgorithmName.SHA256);
    public static readonly HashMethod Sha384 = new("http://www.w3.org/2001/04/xmldsig-more#sha384", SHA384.HashSizeInBytes, HashAlgorithmName.SHA384);
    public static readonly HashMethod Sha512 = new("http://www.w3.org/2001/04/xmlenc#sha512", SHA512.HashSizeInBytes, HashAlgorithmName.SHA512);

    private HashMethod(string identifier, int sizeBytes, HashAlgorithmName algorithm) =>
        (Identifier, SizeBytes, Algorithm) = (identifier, sizeBytes, algorithm);

    /// <summary>Its identifier in the block map.</summary>
    public string Identifier { get; }

    /// <summary>Size of a hash, in bytes.</summary>
    public int SizeBytes { get; }

    /// <summary>Its name in this framework.</summary>
    public HashAlgorithmName Algorithm { get; }

    /// <summary>The method with that identifier, or null.</summary>
    public static HashMethod? Find(string? identifier) =>
        Array.Find([Sha256, Sha384, Sha512], method => method.Identifier == identifier);

    /// <summary>Whether bytes have the hash given.</summary>
    public bool Matches(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> hash)
    {
        Span<byte> actual = stackalloc byte[MaximumSizeBytes];
        return actual[..Compute(bytes, actual)].SequenceEqual(hash);
    }

    /// <summary>The hash of bytes.</summary>
    public byte[] Compute(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(Algorithm, bytes);

    /// <summary>Computes a hash and returns its size.</summary>
    public int Compute(ReadOnlySpan<byte> bytes, Span<byte> destination) =>
        this == Sha256 ? SHA256.HashData(bytes, destination)
        : this == Sha384 ? SHA384.HashData(bytes, destination)
        : SHA512.HashData(bytes, destination);
}

using System.Security.Cryptography;

namespace AppAttach.Imaging.Packages;

/// <summary>Hashes with every method at once, for files that are read before it is known which one counts.</summary>
internal sealed class MultiHash : IDisposable
{
    private readonly IncrementalHash[] all =
        [.. new[] { HashMethod.Sha256, HashMethod.Sha384, HashMethod.Sha512 }.Select(method => IncrementalHash.CreateHash(method.Algorithm))];

    private IncrementalHash[] fed;

    public MultiHash() => fed = all;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var hash in fed)
        {
            hash.AppendData(bytes);
        }
    }

    /// <summary>Says which method counts: the others are no longer fed.</summary>
    public void Keep(HashMethod method) => fed = Array.FindAll(all, hash => hash.AlgorithmName == method.Algorithm);

    public byte[] Take(HashMethod method) => Array.Find(fed, hash => hash.AlgorithmName == method.Algorithm)!.GetHashAndReset();

    public void Dispose()
    {
        foreach (var hash in all)
        {
            hash.Dispose();
        }
    }
}

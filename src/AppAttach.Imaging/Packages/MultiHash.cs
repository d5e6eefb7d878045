using System.Security.Cryptography;

namespace AppAttach.Imaging.Packages;

/// <summary>Hashes with every method at once, for files that are read before it is known which one counts.</summary>
internal sealed class MultiHash : IDisposable
{
    private readonly IncrementalHash[] hashes =
        [.. new[] { HashMethod.Sha256, HashMethod.Sha384, HashMethod.Sha512 }.Select(method => IncrementalHash.CreateHash(method.Algorithm))];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var hash in hashes)
        {
            hash.AppendData(bytes);
        }
    }

    public byte[] Take(HashMethod method) => Array.Find(hashes, hash => hash.AlgorithmName == method.Algorithm)!.GetHashAndReset();

    public void Dispose()
    {
        foreach (var hash in hashes)
        {
            hash.Dispose();
        }
    }
}

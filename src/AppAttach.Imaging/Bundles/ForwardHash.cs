using System.Security.Cryptography;
using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// Hashes a file from its first byte on out of whatever is read of it: of each read it takes what comes next, and leaves the rest. Whoever reads in order is hashed along the
/// way; any other order is right too, and leaves more to be read in the end. Not for use by two threads at once.
/// </summary>
/// <param name="prefixMethod">Hash of what a signature covers; null without one.</param>
/// <param name="prefixBytes">How many bytes it covers, from the first on.</param>
internal sealed class ForwardHash(HashMethod? prefixMethod, long prefixBytes) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // With SHA-256 the digest of the prefix is the state of the same hash at that place.
    private readonly IncrementalHash? prefixHash =
        prefixMethod is null || prefixMethod == HashMethod.Sha256 ? null : IncrementalHash.CreateHash(prefixMethod.Algorithm);

    /// <summary>How many bytes are hashed.</summary>
    public long PositionBytes { get; private set; }

    /// <summary>Digest of the prefix; null before all of it is hashed, and without a method.</summary>
    public byte[]? PrefixDigest { get; private set; }

    /// <summary>Takes what comes next out of bytes that were read.</summary>
    /// <param name="offsetBytes">Where they stand.</param>
    /// <param name="bytes">The bytes.</param>
    public void Offer(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        if (offsetBytes <= PositionBytes && PositionBytes < offsetBytes + bytes.Length)
        {
            Append(bytes[(int)(PositionBytes - offsetBytes)..]);
        }
    }

    /// <summary>SHA-256 of everything so far.</summary>
    public byte[] Finish() => hash.GetHashAndReset();

    /// <inheritdoc/>
    public void Dispose()
    {
        hash.Dispose();
        prefixHash?.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (PositionBytes < prefixBytes)
        {
            var prefix = bytes[..(int)Math.Min(bytes.Length, prefixBytes - PositionBytes)];
            hash.AppendData(prefix);
            prefixHash?.AppendData(prefix);
            PositionBytes += prefix.Length;
            bytes = bytes[prefix.Length..];
            if (PositionBytes == prefixBytes && prefixMethod is not null)
            {
                PrefixDigest = prefixHash?.GetHashAndReset() ?? hash.GetCurrentHash();
            }
        }

        hash.AppendData(bytes);
        PositionBytes += bytes.Length;
    }
}

using System.Security.Cryptography;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Reads a package from its first byte to its last, each byte once and in large pieces, and hashes it on the way. Small pieces are taken from a buffer; large
/// ones are read to where they are wanted. The digest of everything before a place, which a signature covers, costs nothing more where it is SHA-256: it is
/// the state of the same hash at that place.
/// </summary>
internal sealed class ForwardReader(Stream stream, long lengthBytes, HashMethod? prefixMethod = null) : IDisposable
{
    private const int BufferBytes = 128 << 10;

    private readonly byte[] buffer = new byte[Math.Min(lengthBytes, BufferBytes)];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IncrementalHash? prefixHash =
        prefixMethod is null || prefixMethod == HashMethod.Sha256 ? null : IncrementalHash.CreateHash(prefixMethod.Algorithm);
    private int hashed;
    private int start;
    private int end;

    /// <summary>Offset of the next byte.</summary>
    public long PositionBytes { get; private set; }

    /// <summary>Fills the span.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/> if the package ends before.</exception>
    public void Read(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (start == end && destination.Length >= buffer.Length)
            {
                destination = destination[ReadPast(destination)..];
                continue;
            }

            var available = Available(destination.Length);
            available.CopyTo(destination);
            destination = destination[available.Length..];
        }
    }

    /// <summary>Moves on to an offset, which must not lie behind.</summary>
    public void SkipTo(long offsetBytes)
    {
        while (PositionBytes < offsetBytes)
        {
            Available((int)Math.Min(int.MaxValue, offsetBytes - PositionBytes));
        }
    }

    /// <summary>Reads what is left and returns SHA-256 of the whole package.</summary>
    public byte[] Finish()
    {
        SkipTo(lengthBytes);
        HashUpTo(end);
        return hash.GetHashAndReset();
    }

    /// <summary>Digest of everything before <see cref="PositionBytes"/>, with the method given; asked for once.</summary>
    public byte[] TakePrefixDigest()
    {
        HashUpTo(start);
        if (prefixHash is null)
        {
            return hash.GetCurrentHash();
        }

        var digest = prefixHash.GetHashAndReset();
        prefixHash.Dispose();
        prefixHash = null;
        return digest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hash.Dispose();
        prefixHash?.Dispose();
    }

    private void HashUpTo(int index)
    {
        hash.AppendData(buffer, hashed, index - hashed);
        prefixHash?.AppendData(buffer, hashed, index - hashed);
        hashed = index;
    }

    private ReadOnlySpan<byte> Available(int count)
    {
        if (start == end)
        {
            Fill();
        }

        count = Math.Min(count, end - start);
        var available = buffer.AsSpan(start, count);
        start += count;
        PositionBytes += count;
        return available;
    }

    private void Fill()
    {
        HashUpTo(end);
        (hashed, start, end) = (0, 0, ReadSome(buffer));
    }

    /// <summary>Reads past the buffer, which is empty.</summary>
    private int ReadPast(Span<byte> destination)
    {
        HashUpTo(end);
        var count = ReadSome(destination);
        hash.AppendData(destination[..count]);
        prefixHash?.AppendData(destination[..count]);
        PositionBytes += count;
        return count;
    }

    private int ReadSome(Span<byte> destination)
    {
        var count = stream.Read(destination[..(int)Math.Min(destination.Length, lengthBytes - PositionBytes)]);
        return count > 0 ? count : throw Invalid.Zip($"The package ended at byte {PositionBytes}, although its length is {lengthBytes}.");
    }
}

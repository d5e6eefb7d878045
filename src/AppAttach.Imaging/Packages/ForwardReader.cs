using System.Security.Cryptography;

namespace AppAttach.Imaging.Packages;

/// <summary>Reads a package from its first byte to its last, each byte once and in large pieces, and hashes it on the way.</summary>
internal sealed class ForwardReader(Stream stream, long lengthBytes) : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly byte[] buffer = new byte[Math.Min(lengthBytes, BufferBytes)];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
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
        return hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

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
        var count = stream.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, lengthBytes - PositionBytes)));
        if (count == 0)
        {
            throw Invalid.Zip($"The package ended at byte {PositionBytes}, although its length is {lengthBytes}.");
        }

        hash.AppendData(buffer, 0, count);
        (start, end) = (0, count);
    }
}

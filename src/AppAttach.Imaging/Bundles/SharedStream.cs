using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// A seekable stream that several readers share: each read seeks and reads as one step. So the packages in a bundle read from the bundle's
/// stream without getting in each other's way, and a pass can hash what they read.
/// </summary>
internal sealed class SharedStream(Stream stream)
{
    private const int BufferBytes = 1 << 20;

    private readonly Lock gate = new();
    private ForwardHash? pass;
    private CancellationToken cancellation;
    private byte[] buffer = [];

    /// <summary>Length of the stream, in bytes, when it was taken.</summary>
    public long LengthBytes { get; } = stream.Length;

    /// <summary>A stretch of it, which must lie inside.</summary>
    public StreamSection Section(long offsetBytes, long lengthBytes)
    {
        return offsetBytes >= 0 && lengthBytes >= 0 && offsetBytes <= LengthBytes - lengthBytes
            ? new(this, offsetBytes, lengthBytes)
            : throw Invalid.Zip($"There are no {lengthBytes} bytes at {offsetBytes} of a bundle of {LengthBytes} bytes.");
    }

    /// <summary>Reads some bytes.</summary>
    /// <param name="offsetBytes">Where.</param>
    /// <param name="destination">What to fill.</param>
    /// <param name="startsReading">Whether this looks like the start of reading on from here; then a pass first reads what lies between.</param>
    /// <returns>How many; 0 at the end.</returns>
    public int Read(long offsetBytes, Span<byte> destination, bool startsReading = false)
    {
        lock (gate)
        {
            if (startsReading)
            {
                Advance(offsetBytes);
            }

            return ReadAndHash(offsetBytes, destination);
        }
    }

    /// <summary>Starts to hash what is read.</summary>
    /// <exception cref="InvalidOperationException">Another pass is under way.</exception>
    public void StartPass(ForwardHash hash, CancellationToken token)
    {
        lock (gate)
        {
            if (pass is not null)
            {
                throw new InvalidOperationException("Only one pass over a bundle at a time.");
            }

            (pass, cancellation, buffer) = (hash, token, new byte[Math.Min(LengthBytes, BufferBytes)]);
        }
    }

    /// <summary>Reads on from where the pass stands to the last byte.</summary>
    /// <exception cref="InvalidInputException">The stream ends before.</exception>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    public void ReadToEnd()
    {
        lock (gate)
        {
            Advance(LengthBytes);
            cancellation.ThrowIfCancellationRequested();
            if (pass?.PositionBytes < LengthBytes)
            {
                throw Invalid.Zip($"The bundle ended at byte {pass.PositionBytes}, although its length is {LengthBytes}.");
            }
        }
    }

    /// <summary>Ends that pass, if it is under way.</summary>
    public void EndPass(ForwardHash hash)
    {
        lock (gate)
        {
            if (pass == hash)
            {
                (pass, buffer) = (null, []);
            }
        }
    }

    // Whoever reads a package is not to be stopped by a pass that cannot go on: it stays behind, and says so at its end.
    private void Advance(long offsetBytes)
    {
        while (pass is not null && pass.PositionBytes < offsetBytes && !cancellation.IsCancellationRequested)
        {
            var count = (int)Math.Min(buffer.Length, offsetBytes - pass.PositionBytes);
            if (ReadAndHash(pass.PositionBytes, buffer.AsSpan(0, count)) == 0)
            {
                return;
            }
        }
    }

    private int ReadAndHash(long offsetBytes, Span<byte> destination)
    {
        stream.Position = offsetBytes;
        var count = stream.Read(destination);
        pass?.Offer(offsetBytes, destination[..count]);
        return count;
    }
}

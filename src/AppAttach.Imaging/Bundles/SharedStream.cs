using AppAttach.Imaging.Packages;

namespace AppAttach.Imaging.Bundles;

/// <summary>
/// A seekable stream that several readers share: each read seeks and reads as one step. So the packages in a bundle read from the bundle's
/// stream without getting in each other's way.
/// </summary>
internal sealed class SharedStream(Stream stream)
{
    private readonly Lock gate = new();

    /// <summary>Length of the stream, in bytes, when it was taken.</summary>
    public long LengthBytes { get; } = stream.Length;

    /// <summary>Reads some bytes.</summary>
    /// <returns>How many; 0 at the end.</returns>
    public int Read(long offsetBytes, Span<byte> destination)
    {
        lock (gate)
        {
            stream.Position = offsetBytes;
            return stream.Read(destination);
        }
    }

    /// <summary>A stretch of it, which must lie inside.</summary>
    public StreamSection Section(long offsetBytes, long lengthBytes)
    {
        return offsetBytes >= 0 && lengthBytes >= 0 && offsetBytes <= LengthBytes - lengthBytes
            ? new(this, offsetBytes, lengthBytes)
            : throw Invalid.Zip($"There are no {lengthBytes} bytes at {offsetBytes} of a bundle of {LengthBytes} bytes.");
    }
}

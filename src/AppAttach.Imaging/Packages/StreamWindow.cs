namespace AppAttach.Imaging.Packages;

/// <summary>
/// Random reads from a package, served from its last bytes where they lie there: one read of the tail gives a remote package's
/// directory and, in most packages, its manifest and block map.
/// </summary>
internal sealed class StreamWindow
{
    private const int TailBytes = 256 * 1024;

    private readonly Stream stream;
    private readonly byte[] tail;
    private readonly long tailOffset;

    public StreamWindow(Stream stream)
    {
        this.stream = stream;
        LengthBytes = stream.Length;
        tailOffset = Math.Max(0, LengthBytes - TailBytes);
        tail = new byte[LengthBytes - tailOffset];
        ReadFromStream(tailOffset, tail);
    }

    /// <summary>Length of the package when it was opened, in bytes.</summary>
    public long LengthBytes { get; }

    /// <summary>Fills the span from an offset on.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/> if the package ends before.</exception>
    public void Read(long offsetBytes, Span<byte> destination)
    {
        if (offsetBytes < 0 || offsetBytes > LengthBytes - destination.Length)
        {
            throw Invalid.Zip($"The package ends at byte {LengthBytes}, before {destination.Length} bytes at {offsetBytes}.");
        }

        if (offsetBytes >= tailOffset)
        {
            tail.AsSpan((int)(offsetBytes - tailOffset), destination.Length).CopyTo(destination);
        }
        else
        {
            ReadFromStream(offsetBytes, destination);
        }
    }

    private void ReadFromStream(long offsetBytes, Span<byte> destination)
    {
        stream.Position = offsetBytes;
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw Invalid.Zip($"The package ended before byte {offsetBytes + destination.Length}, although its length is {LengthBytes}.");
        }
    }
}

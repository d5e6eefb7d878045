namespace AppAttach.Imaging.Packages;

/// <summary>A stretch of a package as a stream, forward only; it ends where the stretch ends. It reads ahead in large pieces.</summary>
internal sealed class WindowSection(StreamWindow window, long offsetBytes, long lengthBytes) : ForwardStream
{
    private const int BufferBytes = 256 * 1024;

    private readonly byte[] buffer = new byte[Math.Min(lengthBytes, BufferBytes)];
    private long position;
    private int start;
    private int end;

    public override int Read(Span<byte> destination)
    {
        if (start == end)
        {
            (start, end) = (0, (int)Math.Min(buffer.Length, lengthBytes - position));
            window.Read(offsetBytes + position, buffer.AsSpan(0, end));
            position += end;
        }

        var count = Math.Min(destination.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }

    /// <summary>Fills the span.</summary>
    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/> if the stretch ends before.</exception>
    public void ReadWhole(Span<byte> destination)
    {
        if (ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw Invalid.Zip($"The package has fewer bytes behind byte {offsetBytes} than its records there need.");
        }
    }
}

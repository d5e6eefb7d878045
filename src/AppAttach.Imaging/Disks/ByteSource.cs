namespace AppAttach.Imaging.Disks;

/// <summary>
/// Bytes that can be read at any place: an image file, the disk in it, a partition, a file of its volume. Owns nothing. Not for use by
/// two threads at once.
/// </summary>
internal abstract class ByteSource
{
    /// <summary>How many bytes there are.</summary>
    public abstract long Length { get; }

    /// <summary>Reads bytes.</summary>
    /// <param name="offset">Where to read.</param>
    /// <param name="buffer">What to fill.</param>
    /// <exception cref="InvalidInputException">The bytes do not all exist, or what they are made of is broken.</exception>
    public void Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            throw CorruptDisk.Because($"The image asks for {buffer.Length} bytes at {offset} of a part that has {Length} bytes.");
        }

        while (!buffer.IsEmpty)
        {
            var count = ReadPart(offset, buffer);
            offset += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Reads some bytes, at least one.</summary>
    /// <param name="offset">Where: inside the source.</param>
    /// <param name="buffer">Not empty, and not reaching behind the source's end.</param>
    /// <returns>How many bytes were read, 1 to the buffer's length.</returns>
    protected abstract int ReadPart(long offset, Span<byte> buffer);
}

using System.IO.Compression;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Content of one part read front to back, inflated if need be, and held against the size and CRC of the central directory: used for the
/// parts that no block map covers, and for the block map itself.
/// </summary>
internal sealed class PartContentStream : ForwardStream
{
    private readonly ZipPart part;
    private readonly Stream content;
    private long position;
    private uint crc32;
    private bool isComplete;

    /// <summary>Starts at the first byte of the part's data.</summary>
    /// <param name="part">The part.</param>
    /// <param name="data">Its data as in the archive, ending with it.</param>
    public PartContentStream(ZipPart part, Stream data)
    {
        this.part = part;
        content = part.IsDeflated ? new DeflateStream(data, CompressionMode.Decompress, leaveOpen: true) : data;
    }

    /// <exception cref="InvalidInputException"><see cref="Defect.ZipCorrupt"/> at the place where content, size and CRC part.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || isComplete)
        {
            return 0;
        }

        var left = part.SizeBytes - position;
        if (left == 0)
        {
            Complete();
            return 0;
        }

        var count = ReadContent(buffer[..(int)Math.Min(buffer.Length, left)]);
        if (count == 0)
        {
            throw Invalid.Zip($"Part {Invalid.Quote(part.Path)} ends after {position} of {part.SizeBytes} bytes.");
        }

        crc32 = Crc32.Append(crc32, buffer[..count]);
        position += count;
        return count;
    }

    /// <summary>Reads on to the end, so that size and CRC are checked.</summary>
    public void Drain()
    {
        Span<byte> buffer = stackalloc byte[1024];
        while (Read(buffer) > 0)
        {
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && part.IsDeflated)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Complete()
    {
        isComplete = true;
        Span<byte> surplus = stackalloc byte[1];
        if (ReadContent(surplus) != 0)
        {
            throw Invalid.Zip($"Part {Invalid.Quote(part.Path)} has more than the {part.SizeBytes} bytes of the central directory.");
        }

        if (crc32 != part.Crc32)
        {
            throw Invalid.Zip($"Part {Invalid.Quote(part.Path)} has CRC-32 {crc32:X8}, the central directory says {part.Crc32:X8}.");
        }
    }

    private int ReadContent(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (InvalidDataException exception)
        {
            throw Invalid.Zip($"The deflate stream of {Invalid.Quote(part.Path)} is corrupt after {position} bytes.", exception);
        }
    }
}

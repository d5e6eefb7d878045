using System.IO.Compression;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// Inflates single blocks. Each block of a packer that follows the format ends with a full flush, so it inflates alone. A packer that used a sync
/// flush instead let blocks refer to content before them; those inflate behind a window, the 32 KiB before them given again as a stored
/// deflate block, which leaves the inflater in the state it had there.
/// </summary>
internal sealed class BlockInflater : IDisposable
{
    /// <summary>How far back deflate can refer (RFC 1951 section 2).</summary>
    public const int WindowBytes = 1 << 15;

    private readonly CompressedBlockStream source = new();
    private readonly DeflateDecoder decoder = new();

    /// <summary>Inflates one block.</summary>
    /// <param name="window">Content before it, at most <see cref="WindowBytes"/>, or nothing to inflate it alone.</param>
    /// <param name="block">The compressed block.</param>
    /// <param name="content">Filled exactly.</param>
    /// <param name="endsStream">Whether this block must end the deflate stream; any other must leave it open.</param>
    /// <returns>Whether the block inflates to as many bytes as asked for, no more and no fewer, and ends as it must.</returns>
    public bool TryInflate(ReadOnlyMemory<byte> window, ReadOnlyMemory<byte> block, Span<byte> content, bool endsStream)
    {
        if (window.IsEmpty && decoder.TryDecode(block.Span, content, endsStream))
        {
            return true;
        }

        source.Reset(window, block);
        using var inflater = new DeflateStream(source, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            Span<byte> surplus = stackalloc byte[1];
            return SkipWindow(inflater, window.Length) && Fill(inflater, content) && inflater.Read(surplus) == 0 &&
                source.IsClosingTaken != endsStream;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private static bool Fill(DeflateStream inflater, Span<byte> content) =>
        inflater.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length;

    private static bool SkipWindow(DeflateStream inflater, int length)
    {
        Span<byte> discarded = stackalloc byte[1024];
        while (length > 0)
        {
            var count = inflater.Read(discarded[..Math.Min(length, discarded.Length)]);
            if (count == 0)
            {
                return false;
            }

            length -= count;
        }

        return true;
    }
}

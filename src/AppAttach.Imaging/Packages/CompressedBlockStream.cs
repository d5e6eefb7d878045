namespace AppAttach.Imaging.Packages;

/// <summary>
/// What an inflater is fed for one block: a window if there is one, the block, and then an empty final deflate block, so that it comes to an
/// end. Whether it took that last piece tells whether the block ended the deflate stream itself.
/// </summary>
internal sealed class CompressedBlockStream : ForwardStream
{
    // A stored deflate block (RFC 1951 3.2.4) that does not end the stream: header bits padded to a byte, length, its complement.
    private const int StoredHeaderBytes = 1 + (2 * sizeof(ushort));

    private static readonly byte[] Closing = [0x03, 0x00];

    private readonly byte[] storedHeader = new byte[StoredHeaderBytes];
    private readonly ReadOnlyMemory<byte>[] pieces = new ReadOnlyMemory<byte>[4];
    private int piece;

    /// <summary>Whether the inflater wanted more than the block, so that the block left the deflate stream open.</summary>
    public bool IsClosingTaken => piece == pieces.Length;

    /// <summary>Starts over with a block.</summary>
    /// <param name="window">Content before the block that it may refer to, at most 65535 bytes; it comes out of the inflater first.</param>
    /// <param name="block">The compressed block.</param>
    public void Reset(ReadOnlyMemory<byte> window, ReadOnlyMemory<byte> block)
    {
        var length = (ushort)window.Length;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(storedHeader.AsSpan(1), length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(storedHeader.AsSpan(1 + sizeof(ushort)), (ushort)~length);
        pieces[0] = window.IsEmpty ? default : storedHeader;
        pieces[1] = window;
        pieces[2] = block;
        pieces[3] = Closing;
        piece = 0;
    }

    public override int Read(Span<byte> buffer)
    {
        while (piece < pieces.Length && pieces[piece].IsEmpty)
        {
            piece++;
        }

        if (piece == pieces.Length)
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, pieces[piece].Length);
        pieces[piece].Span[..count].CopyTo(buffer);
        pieces[piece] = pieces[piece][count..];
        if (piece == pieces.Length - 1 && pieces[piece].IsEmpty)
        {
            piece++;
        }

        return count;
    }
}

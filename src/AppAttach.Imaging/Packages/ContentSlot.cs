using System.Buffers;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// One place of the ring between the reading thread, the workers and the consumer: several pieces, so that handing them over costs little
/// even where files are small. Its buffers stay with it.
/// </summary>
internal sealed class ContentSlot : IDisposable
{
    /// <summary>Bytes of content in a slot, at most.</summary>
    public const int ContentBytes = 2 * BlockMap.BlockBytes;

    private const int MostPieces = 64;
    private const int InputBytes = ContentBytes;

    private readonly byte[] content = ArrayPool<byte>.Shared.Rent(ContentBytes);
    private readonly List<ContentPiece> pieces = new(MostPieces);
    private byte[] input = ArrayPool<byte>.Shared.Rent(InputBytes);
    private int contentEnd;
    private int inputEnd;

    /// <summary>Set once the slot may be looked at by the consumer.</summary>
    public ManualResetEventSlim Ready { get; } = new();

    /// <summary>What it holds, in the order of the archive.</summary>
    public IReadOnlyList<ContentPiece> Pieces => pieces;

    /// <summary>Empties the slot.</summary>
    public void Reset()
    {
        pieces.Clear();
        (contentEnd, inputEnd) = (0, 0);
    }

    /// <summary>Whether another piece finds room.</summary>
    /// <param name="sizeBytes">Size of its content, at most 64 KiB.</param>
    /// <param name="compressedBytes">Size of the compressed block; an empty slot has room for any.</param>
    public bool HasRoom(int sizeBytes, int compressedBytes) =>
        pieces.Count == 0 ||
        (pieces.Count < MostPieces && contentEnd + sizeBytes <= content.Length && inputEnd + compressedBytes <= input.Length);

    /// <summary>Where the next piece's content goes.</summary>
    public Memory<byte> NextContent(int sizeBytes) => content.AsMemory(contentEnd, sizeBytes);

    /// <summary>Where the next piece's compressed block goes.</summary>
    public Memory<byte> NextInput(int compressedBytes)
    {
        if (pieces.Count == 0 && compressedBytes > input.Length)
        {
            ArrayPool<byte>.Shared.Return(input);
            input = [];
            input = ArrayPool<byte>.Shared.Rent(compressedBytes);
        }

        return input.AsMemory(inputEnd, compressedBytes);
    }

    /// <summary>Adds a piece, whose bytes stand where <see cref="NextContent"/> and <see cref="NextInput"/> said.</summary>
    public void Add(ContentPiece piece)
    {
        pieces.Add(piece);
        contentEnd += piece.Content.Length;
        inputEnd += piece.Compressed.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ready.Dispose();
        ArrayPool<byte>.Shared.Return(input);
        ArrayPool<byte>.Shared.Return(content);
    }
}

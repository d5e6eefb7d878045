using System.Buffers;
using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// One place of the ring between the reading thread, the workers and the consumer: several pieces, so that handing them over costs little
/// even where files are small. Its buffers stay with it.
/// </summary>
/// <remarks>
/// Content lies in it as it will in a volume: each file starts at a multiple of <see cref="AlignmentBytes"/>, with zeros before it, and
/// the buffer itself does. So what is in a slot can go to a disk from where it lies, without being copied once more.
/// </remarks>
internal sealed class ContentSlot(Handover<ContentSlot> free) : IDisposable
{
    /// <summary>Bytes of content in a slot, at most, with the zeros between files.</summary>
    public const int ContentBytes = 16 * BlockMap.BlockBytes;

    /// <summary>What each file's place in a slot is a multiple of, in bytes: a cluster of the volumes we write.</summary>
    public const int AlignmentBytes = 4096;

    private const int MostPieces = ContentBytes / AlignmentBytes;
    private const int InputBytes = ContentBytes;

    private readonly List<ContentPiece> pieces = new(MostPieces);
    private Memory<byte> content;
    private byte[] input = [];
    private int contentEnd;
    private int inputEnd;
    private int holders;

    /// <summary>Set once the slot may be looked at by the consumer.</summary>
    public ManualResetEventSlim Ready { get; } = new(initialState: false, spinCount: 0);

    /// <summary>What it holds, in the order of the archive.</summary>
    public IReadOnlyList<ContentPiece> Pieces => pieces;

    /// <summary>All content with the zeros behind each file.</summary>
    public Memory<byte> Content => content[..contentEnd];

    /// <summary>Empties the slot, which its consumer then holds once.</summary>
    public void Reset()
    {
        if (content.IsEmpty)
        {
            content = AlignedMemory.Allocate(ContentBytes, AlignmentBytes);
            input = ArrayPool<byte>.Shared.Rent(InputBytes);
        }

        Ready.Reset();
        pieces.Clear();
        (contentEnd, inputEnd, holders) = (0, 0, 1);
    }

    /// <summary>Whether more pieces of one file find room, which stand side by side.</summary>
    /// <param name="sizeBytes">Size of their content, at most 64 KiB each.</param>
    /// <param name="compressedBytes">Size of the compressed blocks; an empty slot has room for any single one.</param>
    /// <param name="pieces">How many they are.</param>
    public bool HasRoom(int sizeBytes, long compressedBytes, int pieces) =>
        (this.pieces.Count == 0 && pieces == 1) ||
        (this.pieces.Count + pieces <= MostPieces && contentEnd + sizeBytes <= content.Length && inputEnd + compressedBytes <= input.Length);

    /// <summary>Where the content of the next piece goes, or of several that stand side by side.</summary>
    public Memory<byte> NextContent(int sizeBytes) => content.Slice(contentEnd, sizeBytes);

    /// <summary>Where the compressed block of the next piece goes, or those of several.</summary>
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
        piece.PlaceInSlot = contentEnd;
        var end = contentEnd + piece.Content.Length;
        contentEnd = (end + AlignmentBytes - 1) & -AlignmentBytes;
        content.Span[end..contentEnd].Clear();
        inputEnd += piece.Compressed.Length;
    }

    /// <summary>Keeps the slot from being filled anew until one more <see cref="Release"/>.</summary>
    public void Hold() => Interlocked.Increment(ref holders);

    /// <summary>Lets go of the slot; the last to do so gives it back to the ring.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0)
        {
            free.Add(this);
        }
    }

    /// <summary>Gives back what was borrowed. The content stays where it is for whoever still holds the slot.</summary>
    public void Dispose()
    {
        Ready.Dispose();
        if (input.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(input);
            input = [];
        }
    }
}

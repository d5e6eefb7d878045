using System.Runtime.ExceptionServices;

namespace AppAttach.Imaging.Packages;

/// <summary>A piece of one file's content in a <see cref="ContentSlot"/>; or, without a part, the end of the package or what ended the reading.</summary>
/// <param name="Part">The part, or null.</param>
/// <param name="Block">Number of the block in the block map; for parts outside it, nothing.</param>
/// <param name="OffsetBytes">Where the content stands in its file, in bytes.</param>
/// <param name="Content">The content: there already, or as long as it will be.</param>
/// <param name="Compressed">The compressed block; empty if the content is there already.</param>
/// <param name="EndsStream">Whether the block must end the part's deflate stream.</param>
internal sealed record ContentPiece(
    PackagePart? Part, int Block, long OffsetBytes, Memory<byte> Content, ReadOnlyMemory<byte> Compressed, bool EndsStream)
{
    /// <summary>Where the content starts in the slot, in bytes.</summary>
    public int PlaceInSlot { get; set; }

    /// <summary>Whether the block did not inflate alone, and waits for the content before it.</summary>
    public bool NeedsWindow { get; set; }

    /// <summary>What went wrong; thrown at the consumer.</summary>
    public ExceptionDispatchInfo? Failure { get; set; }
}

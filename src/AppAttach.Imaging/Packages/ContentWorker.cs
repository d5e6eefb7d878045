using System.Runtime.ExceptionServices;

namespace AppAttach.Imaging.Packages;

/// <summary>Inflates and hashes blocks on a thread of its own.</summary>
internal sealed class ContentWorker(BlockMap map, BlockInflater inflater)
{
    /// <summary>Works until the pass ends.</summary>
    public static void Run(ContentRing ring, BlockMap map)
    {
        using var inflater = new BlockInflater();
        var worker = new ContentWorker(map, inflater);
        try
        {
            while (true)
            {
#pragma warning disable CA2000 // Slots belong to the ring.
                var slot = ring.NextQueued();
#pragma warning restore CA2000
                worker.Process(slot);
                slot.Ready.Set();
            }
        }
        catch (OperationCanceledException)
        {
            // The pass has ended.
        }
    }

    // What stands behind a failure is never given out.
    private void Process(ContentSlot slot)
    {
        foreach (var piece in slot.Pieces)
        {
#pragma warning disable CA1031 // A failure must reach the consumer, or it would wait for this slot for ever.
            try
            {
                Check(piece);
            }
            catch (Exception exception)
            {
                piece.Failure = ExceptionDispatchInfo.Capture(exception);
                return;
            }
#pragma warning restore CA1031
        }
    }

    private void Check(ContentPiece piece)
    {
        if (piece.Part is not { Blocks: { } blocks } part)
        {
            return;
        }

        var isFirst = piece.Block == blocks.FirstBlock;
        var isDeflated = part.Zip.IsDeflated;
        var isGood = !(part.IsChained && !isFirst) &&
            (!isDeflated || inflater.TryInflate(default, piece.Compressed, piece.Content.Span, piece.EndsStream)) &&
            map.Method.Matches(piece.Content.Span, map.HashOf(piece.Block));
        if (isGood)
        {
            return;
        }

        if (isFirst || !isDeflated)
        {
            throw Mismatch(piece);
        }

        piece.NeedsWindow = true;
    }

    /// <summary>The error of a block that is not what the block map says.</summary>
    public static InvalidInputException Mismatch(ContentPiece piece) => new(
        Defect.BlockmapMismatch,
        $"{Invalid.Quote(piece.Part!.Zip.Path)}: the {piece.Content.Length} bytes from byte {piece.OffsetBytes} on do not have the size or hash of the block map.");
}

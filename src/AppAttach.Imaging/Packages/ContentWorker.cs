using System.Runtime.ExceptionServices;

namespace AppAttach.Imaging.Packages;

/// <summary>Inflates and hashes blocks on a thread of its own.</summary>
internal sealed class ContentWorker(BlockMap map, BlockInflater inflater)
{
    private readonly BlockHashes hashes = new(map);
    private readonly List<ContentPiece> inflated = [];

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

    /// <summary>The error of a block that is not what the block map says.</summary>
    public static InvalidInputException Mismatch(ContentPiece piece) => new(
        Defect.BlockmapMismatch,
        $"{Invalid.Quote(piece.Part!.Zip.Path)}: the {piece.Content.Length} bytes from byte {piece.OffsetBytes} on do not have the size or hash of the block map.");

    // A failure must reach the consumer, or it would wait for this slot for ever. It gets what stands before it, and never what stands behind.
    private void Process(ContentSlot slot)
    {
        try
        {
            inflated.Clear();
            foreach (var piece in slot.Pieces)
            {
                if (piece.Part is not { Blocks: { } blocks } part)
                {
                    continue;
                }

                if (part.IsChained && piece.Block != blocks.FirstBlock)
                {
                    piece.NeedsWindow = true;
                }
                else if (part.Zip.IsDeflated && !inflater.TryInflate(default, piece.Compressed, piece.Content.Span, piece.EndsStream))
                {
                    Refuse(piece);
                }
                else
                {
                    inflated.Add(piece);
                }
            }

            hashes.Check(slot, inflated, Refuse);
        }
#pragma warning disable CA1031 // What went wrong is thrown again at the consumer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            slot.Pieces[0].Failure ??= ExceptionDispatchInfo.Capture(exception);
        }
    }

    // A block that is not what it should be alone may be so behind the one before it, if there is one.
    private static void Refuse(ContentPiece piece)
    {
        if (piece.Part!.Zip.IsDeflated && piece.Block != piece.Part.Blocks!.FirstBlock)
        {
            piece.NeedsWindow = true;
        }
        else
        {
            piece.Failure = ExceptionDispatchInfo.Capture(Mismatch(piece));
        }
    }
}

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

    private void Process(ContentSlot slot)
    {
#pragma warning disable CA1031 // A failure must reach the consumer, or it would wait for this slot for ever.
        try
        {
            Check(slot);
        }
        catch (Exception exception)
        {
            slot.Failure = ExceptionDispatchInfo.Capture(exception);
        }
#pragma warning restore CA1031
    }

    private void Check(ContentSlot slot)
    {
        var part = slot.Part!;
        var content = slot.Output.AsSpan(0, slot.SizeBytes);
        var isFirst = slot.Block == part.Blocks!.FirstBlock;
        var isGood = !(part.IsChained && !isFirst) &&
            (slot.CompressedBytes == 0 ||
                inflater.TryInflate(default, slot.Input.AsMemory(0, slot.CompressedBytes), content, slot.EndsStream)) &&
            map.Method.Matches(content, map.HashOf(slot.Block));
        if (isGood)
        {
            return;
        }

        if (isFirst || slot.CompressedBytes == 0)
        {
            throw Mismatch(slot);
        }

        slot.NeedsWindow = true;
    }

    /// <summary>The error of a block that is not what the block map says.</summary>
    public static InvalidInputException Mismatch(ContentSlot slot) => new(
        Defect.BlockmapMismatch,
        $"{Invalid.Quote(slot.Part!.Zip.Path)}: the {slot.SizeBytes} bytes from byte {slot.OffsetBytes} on do not have the size or hash of the block map.");
}

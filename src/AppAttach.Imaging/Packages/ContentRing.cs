using AppAttach.Imaging.IO;

namespace AppAttach.Imaging.Packages;

/// <summary>
/// A fixed number of slots that go round in order: filled by one thread, worked on by several, taken by one. Its size bounds the memory of a pass
/// over a package, whatever the package says.
/// </summary>
internal sealed class ContentRing : IDisposable
{
    private const int SlotsPerWorker = 4;
    private const int LeastSlots = 8;
    private const int MostSlots = 64;

    private readonly Handover<ContentSlot> free = new();
    private readonly Handover<ContentSlot> queued = new();
    private readonly Handover<ContentSlot> filled = new();
    private readonly ContentSlot[] slots;
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration registration;

    /// <summary>Makes a ring.</summary>
    /// <param name="workers">Threads that will work on its slots.</param>
    /// <param name="cancellation">Ends every wait with <see cref="OperationCanceledException"/>.</param>
    public ContentRing(int workers, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        slots = new ContentSlot[Math.Clamp(workers * SlotsPerWorker, LeastSlots, MostSlots)];
        for (var index = 0; index < slots.Length; index++)
        {
            slots[index] = new(free);
            free.Add(slots[index]);
        }

        registration = cancellation.Register(EndWaits);
    }

    /// <summary>The next slot to fill; waits until one is free.</summary>
    public ContentSlot NextFree()
    {
        var slot = Take(free);
        slot.Reset();
        return slot;
    }

    /// <summary>Hands the slot just filled on to a worker.</summary>
    public void Fill(ContentSlot slot)
    {
        filled.Add(slot);
        queued.Add(slot);
    }

    /// <summary>The next slot to work on; waits for one.</summary>
    public ContentSlot NextQueued() => Take(queued);

    /// <summary>The next slot for the consumer, in the order in which they were filled; waits until its content is there.</summary>
    public ContentSlot NextReady()
    {
        var slot = Take(filled);
        slot.Ready.Wait(cancellation);
        return slot;
    }

    /// <summary>Frees the slots' buffers; no thread may be at work on them.</summary>
    public void Dispose()
    {
        registration.Dispose();
        EndWaits();
        foreach (var slot in slots)
        {
            slot.Dispose();
        }
    }

    private void EndWaits()
    {
        free.End();
        queued.End();
        filled.End();
    }

    private ContentSlot Take(Handover<ContentSlot> handover)
    {
        cancellation.ThrowIfCancellationRequested();
        return handover.TryTake(out var slot) ? slot : throw new OperationCanceledException(cancellation);
    }
}

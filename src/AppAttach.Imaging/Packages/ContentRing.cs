using System.Collections.Concurrent;

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

    private readonly ContentSlot[] slots;
    private readonly SemaphoreSlim free;
    private readonly SemaphoreSlim queued = new(0);
    private readonly ConcurrentQueue<ContentSlot> queue = new();
    private readonly CancellationToken cancellation;
    private long filled;
    private long taken;

    public ContentRing(int workers, CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        slots = new ContentSlot[Math.Clamp(workers * SlotsPerWorker, LeastSlots, MostSlots)];
        for (var index = 0; index < slots.Length; index++)
        {
            slots[index] = new();
        }

        free = new(slots.Length);
    }

    /// <summary>The next slot to fill; waits until it is free.</summary>
    public ContentSlot NextFree()
    {
        free.Wait(cancellation);
        var slot = slots[filled % slots.Length];
        slot.Reset();
        return slot;
    }

    /// <summary>Hands the slot just filled on to a worker.</summary>
    public void Fill(ContentSlot slot)
    {
        filled++;
        queue.Enqueue(slot);
        queued.Release();
    }

    /// <summary>The next slot to work on; waits for one.</summary>
    public ContentSlot NextQueued()
    {
        queued.Wait(cancellation);
        return queue.TryDequeue(out var slot) ? slot : throw new InvalidOperationException("The queue and its count disagree.");
    }

    /// <summary>The next slot for the consumer; waits until its content is there.</summary>
    public ContentSlot NextReady()
    {
        var slot = slots[taken % slots.Length];
        slot.Ready.Wait(cancellation);
        return slot;
    }

    /// <summary>Takes the slot that <see cref="NextReady"/> gave, which stays the consumer's until <see cref="Release"/>.</summary>
    public void Take() => taken++;

    /// <summary>Gives the oldest slot taken back. It stops being ready here, or the consumer, come round, would take it for filled again.</summary>
    public void Release(ContentSlot slot)
    {
        slot.Ready.Reset();
        free.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in slots)
        {
            slot.Dispose();
        }

        free.Dispose();
        queued.Dispose();
    }
}

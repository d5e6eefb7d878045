namespace AppAttach.Imaging.IO;

/// <summary>
/// A queue between threads whose taker sleeps while there is nothing. The framework's own queues spin before they sleep: where every
/// processor has work, as during a conversion, each turn of that is taken from a thread that could have used it.
/// </summary>
/// <typeparam name="T">What is handed over.</typeparam>
internal sealed class Handover<T>
{
    private readonly Queue<T> items = new();
    private bool isEnded;

    /// <summary>Adds an item; after the end nobody waits for it, and it is dropped.</summary>
    public void Add(T item)
    {
        lock (items)
        {
            if (!isEnded)
            {
                items.Enqueue(item);
                Monitor.Pulse(items);
            }
        }
    }

    /// <summary>Takes the oldest item; waits for one.</summary>
    /// <returns>False if there is none and never will be.</returns>
    public bool TryTake(out T item)
    {
        lock (items)
        {
            while (items.Count == 0 && !isEnded)
            {
                Monitor.Wait(items);
            }

            return items.TryDequeue(out item!);
        }
    }

    /// <summary>Says that nothing more will come; what is there can still be taken.</summary>
    public void End()
    {
        lock (items)
        {
            isEnded = true;
            Monitor.PulseAll(items);
        }
    }
}

namespace AppAttach.Embedded.Engine;

/// <summary>
/// External events that came early, and waits that are open, by name without regard to case. For one name there are never both.
/// </summary>
internal sealed class EventQueues
{
    private readonly List<HistoryEvent> _early = [];
    private readonly Dictionary<string, LinkedList<EventWait>> _waits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many waits are open.</summary>
    public int OpenWaits { get; private set; }

    /// <summary>Events that nothing has waited for, in the order in which they came.</summary>
    public IReadOnlyList<HistoryEvent> Early => _early;

    /// <summary>Takes the oldest early event of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The event, or null.</returns>
    public HistoryEvent? TakeEarly(string name)
    {
        var index = _early.FindIndex(early => string.Equals(early.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            return null;
        }

        var taken = _early[index];
        _early.RemoveAt(index);
        return taken;
    }

    /// <summary>Adds a wait behind the others of its name.</summary>
    /// <param name="wait">The wait.</param>
    public void Add(EventWait wait)
    {
        if (!_waits.TryGetValue(wait.Name, out var waits))
        {
            _waits.Add(wait.Name, waits = new LinkedList<EventWait>());
        }

        waits.AddLast(wait);
        OpenWaits++;
    }

    /// <summary>Takes a wait out because its time is over.</summary>
    /// <param name="wait">The wait.</param>
    public void Remove(EventWait wait)
    {
        if (_waits[wait.Name].Remove(wait))
        {
            OpenWaits--;
        }
    }

    /// <summary>Takes the longest wait for an event, or keeps the event.</summary>
    /// <param name="raised">The event.</param>
    /// <returns>The wait that it completes, or null if it was kept.</returns>
    public EventWait? Match(HistoryEvent raised)
    {
        if (!_waits.TryGetValue(raised.Name!, out var waits) || waits.First is not { } first)
        {
            _early.Add(raised);
            return null;
        }

        waits.RemoveFirst();
        OpenWaits--;
        return first.Value;
    }
}

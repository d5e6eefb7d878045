namespace AppAttach.Embedded.Engine;

/// <summary>Fires timers when they are due. One system timer is armed for the earliest; with none, nothing is armed.</summary>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>Longest time for which the system timer is armed: a changed clock is noticed after this at the latest.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action<TimerWork> _fire;
    private readonly ITimer _timer;
    private readonly SortedSet<TimerWork> _queue = new(Comparer<TimerWork>.Create(Compare));
    private readonly Dictionary<(string Execution, int Task), TimerWork> _byTask = [];

    /// <summary>Makes an empty queue.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="fire">Told of each timer that is due, once.</param>
    public TimerQueue(TimeProvider time, Action<TimerWork> fire)
    {
        (_time, _fire) = (time, fire);
        _timer = time.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds timers.</summary>
    /// <param name="timers">The timers.</param>
    public void Add(IReadOnlyCollection<TimerWork> timers)
    {
        if (timers.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var timer in timers)
            {
                if (_byTask.TryAdd((timer.Execution, timer.Task), timer))
                {
                    _queue.Add(timer);
                }
            }
        }

        FireDue();
    }

    /// <summary>Forgets a timer, if it is there.</summary>
    /// <param name="timer">The timer; its due time does not matter.</param>
    public void Remove(TimerWork timer)
    {
        lock (_lock)
        {
            if (_byTask.Remove((timer.Execution, timer.Task), out var queued))
            {
                _queue.Remove(queued);
                Arm(_time.GetUtcNow().UtcDateTime);
            }
        }
    }

    /// <summary>Forgets all timers of a run.</summary>
    /// <param name="execution">The run.</param>
    public void RemoveAll(string execution)
    {
        lock (_lock)
        {
            foreach (var timer in _queue.Where(timer => timer.Execution == execution).ToList())
            {
                _queue.Remove(timer);
                _byTask.Remove((timer.Execution, timer.Task));
            }

            Arm(_time.GetUtcNow().UtcDateTime);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static int Compare(TimerWork left, TimerWork right)
    {
        var byDue = left.Due.CompareTo(right.Due);
        var byRun = byDue != 0 ? byDue : string.CompareOrdinal(left.Execution, right.Execution);
        return byRun != 0 ? byRun : left.Task.CompareTo(right.Task);
    }

    private void FireDue()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            while (_queue.Min is { } next && next.Due <= now)
            {
                _queue.Remove(next);
                _byTask.Remove((next.Execution, next.Task));
                _fire(next);
            }

            Arm(now);
        }
    }

    private void Arm(DateTime now)
    {
        if (_queue.Min is not { } next)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // A system timer counts whole milliseconds; rounding down would wake it too early, over and over.
        var wait = Math.Ceiling(Math.Min((next.Due - now).TotalMilliseconds, LongestWait.TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(wait, 0)), Timeout.InfiniteTimeSpan);
    }
}

namespace AppAttach.FleetSimulator.Clocks;

/// <summary>
/// A clock for host and hosts of one process that goes on only while they wait: it is moved from outside, and hours pass in seconds.
/// When the process is held up, its clock is held up too, so that no deadline passes for want of a processor.
/// </summary>
internal sealed class SkippingClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<(SkippingTimer Timer, int Version), DateTimeOffset> _armed = new();
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SkippingTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves on to the next timer, and by a least step in any case; timers fire on the thread pool.</summary>
    /// <param name="least">The least step.</param>
    /// <param name="most">The longest one.</param>
    public void Skip(TimeSpan least, TimeSpan most)
    {
        var due = new List<SkippingTimer>();
        lock (_lock)
        {
            var next = _armed.TryPeek(out _, out var first) ? first : DateTimeOffset.MaxValue;
            _now = next <= _now + least ? _now + least : next < _now + most ? next : _now + most;
            while (_armed.TryPeek(out var entry, out var at) && at <= _now)
            {
                _armed.Dequeue();
                if (entry.Timer.Version == entry.Version)
                {
                    due.Add(entry.Timer);
                    Arm(entry.Timer, entry.Timer.Period);
                }
            }
        }

        foreach (var timer in due)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Fire(), timer, preferLocal: false);
        }
    }

    private void Change(SkippingTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            timer.Period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            Arm(timer, dueTime);
        }
    }

    private void Arm(SkippingTimer timer, TimeSpan dueTime)
    {
        // What was armed before is passed over when its turn comes.
        timer.Version++;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _armed.Enqueue((timer, timer.Version), _now + dueTime);
        }
    }

    private sealed class SkippingTimer(SkippingClock clock, TimerCallback callback, object? state) : ITimer
    {
        public int Version { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Change(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Change(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

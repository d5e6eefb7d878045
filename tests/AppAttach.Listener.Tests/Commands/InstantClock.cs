namespace AppAttach.Listener.Tests.Commands;

/// <summary>A clock whose waits are over at once: it jumps to where each would have ended.</summary>
internal sealed class InstantClock : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public Action? Waiting { get; set; }

    public List<TimeSpan> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Add(dueTime);
        _now += dueTime;
        Waiting?.Invoke();
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}

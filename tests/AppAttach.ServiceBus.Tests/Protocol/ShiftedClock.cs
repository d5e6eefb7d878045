namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>The system's clock, set forward by a test.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _aheadTicks;

    /// <summary>Sets it forward.</summary>
    /// <param name="by">By how much.</param>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));
}

using System.Globalization;

namespace AppAttach.FleetSimulator.Clocks;

/// <summary>A clock that runs faster than time does, the same for every process that is told its text.</summary>
/// <param name="beginning">When it was right.</param>
/// <param name="speed">How many seconds of it pass in one.</param>
internal sealed class FastClock(DateTimeOffset beginning, int speed) : TimeProvider
{
    private const char Separator = '*';

    // What a timer of the system can wait for is less than fifty days.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    /// <summary>Reads the text of a clock.</summary>
    /// <param name="text">What <see cref="ToString"/> gave.</param>
    public static FastClock Parse(string text) =>
        text.Split(Separator) is [var ticks, var speed]
            ? new(new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), int.Parse(speed, CultureInfo.InvariantCulture))
            : throw new FormatException($"'{text}' is no clock.");

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => beginning + ((System.GetUtcNow() - beginning) * speed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period)), Shorten);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{beginning.UtcTicks}{Separator}{speed}");

    private TimeSpan Shorten(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / speed is var wait && wait < LongestWait ? wait : LongestWait;

    private sealed class FastTimer(ITimer timer, Func<TimeSpan, TimeSpan> shorten) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(shorten(dueTime), shorten(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

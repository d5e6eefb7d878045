using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace AppAttach.Api.Changes;

/// <summary>
/// Tells everyone who listens what changed, at most four times a second however much does. The last changes are remembered, so that a listener
/// whose connection broke goes on where it was.
/// </summary>
/// <param name="clock">The clock and its timers.</param>
public sealed class ChangeFeed(TimeProvider clock)
{
    private const int Remembered = 4_096;
    private const int MostKeys = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How often something is said although nothing happened, so that both sides notice a dead connection.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Queue<(string Kind, string Key)> _changes = new();
    private readonly string _run = Guid.CreateVersion7().ToString("N")[..16];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    /// <summary>Number of the last change.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>Something changed.</summary>
    /// <param name="kind">The kind of document.</param>
    /// <param name="key">Its key.</param>
    public void Say(string kind, string key)
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            _changes.Enqueue((kind, key));
            _last++;
            if (_changes.Count > Remembered)
            {
                _changes.Dequeue();
            }

            waiting = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    /// <summary>Follows the changes until stopped.</summary>
    /// <param name="lastEventId">Id of the last notice that the listener has; null: it starts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Notices; the first one, and one for each silence, may be empty.</returns>
    public async IAsyncEnumerable<SseItem<ChangeNotice>> FollowAsync(string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = PositionOf(lastEventId);
        while (!cancellationToken.IsCancellationRequested)
        {
            var (notice, last, next) = Take(position);
            position = last;
            yield return new SseItem<ChangeNotice>(notice, "changed") { EventId = $"{_run}-{position}" };
            try
            {
                await next.WaitAsync(SilenceLimit, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    /// <summary>Where a listener stands: at the end if it starts, before everything if it was told by another run of this host.</summary>
    private long PositionOf(string? lastEventId)
    {
        if (lastEventId is null)
        {
            return Last;
        }

        return lastEventId.StartsWith(_run + "-", StringComparison.Ordinal)
            && long.TryParse(lastEventId.AsSpan(_run.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            && position <= Last
                ? position
                : -1;
    }

    private (ChangeNotice Notice, long Last, Task Next) Take(long position)
    {
        lock (_gate)
        {
            var missed = _last - position;
            var notice = position < 0 || missed > _changes.Count
                ? new ChangeNotice(true, [])
                : new ChangeNotice(false, [.. _changes.TakeLast((int)missed).GroupBy(change => change.Kind, StringComparer.Ordinal).Select(ToChange)]);
            return (notice, _last, _next.Task);
        }
    }

    private static KindChange ToChange(IGrouping<string, (string Kind, string Key)> group)
    {
        var keys = group.Select(change => change.Key).Distinct(StringComparer.Ordinal).ToList();
        return new KindChange(group.Key, keys.Count, [.. keys.Take(MostKeys)]);
    }
}

using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using AppAttach.Api.Ports;
using Microsoft.Extensions.Logging;

namespace AppAttach.Api.Changes;

/// <summary>
/// Tells everyone who listens what changed, at most four times a second however much does. The last changes are remembered, so that a listener
/// whose connection broke goes on where it was.
/// </summary>
/// <param name="clock">The clock and its timers.</param>
/// <param name="options">How long and how often.</param>
/// <param name="source">Finds changes while anyone listens; null: the host says all of them.</param>
/// <param name="logger">Takes looks that failed.</param>
public sealed class ChangeFeed(TimeProvider clock, ChangeFeedOptions options, IChangeSource? source, ILogger<ChangeFeed> logger) : IDisposable
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
    private readonly SemaphoreSlim _looking = new(1);
    private long? _lookedAt;
    private long _last;

    /// <inheritdoc/>
    public void Dispose() => _looking.Dispose();

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
        if (source is not null)
        {
            // What changes from now on is found later by comparing with this look.
            await LookAsync(source, cancellationToken);
        }

        var position = PositionOf(lastEventId);
        var begun = clock.GetTimestamp();
        var (isFirst, saidAt) = (true, begun);
        while (!cancellationToken.IsCancellationRequested && (options.LongestAnswer is not { } longest || clock.GetElapsedTime(begun) < longest))
        {
            var (notice, last, next) = Take(position);
            position = last;
            if (isFirst || notice.IsReset || notice.Changes.Count > 0 || clock.GetElapsedTime(saidAt) >= SilenceLimit)
            {
                yield return new SseItem<ChangeNotice>(notice, "changed") { EventId = $"{_run}-{position}" };
                (isFirst, saidAt) = (false, clock.GetTimestamp());
            }

            try
            {
                await WaitAsync(next, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    /// <summary>Waits for a change, until it is time to look for one or to say something.</summary>
    private async Task WaitAsync(Task next, CancellationToken cancellationToken)
    {
        await next.WaitAsync(source is null ? SilenceLimit : options.LookEvery, clock, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Task.Delay(Pause, clock, cancellationToken);
        if (source is not null)
        {
            await LookAsync(source, cancellationToken);
        }
    }

    /// <summary>Looks, if nobody did for a while: however many listen, one look serves all.</summary>
    private async Task LookAsync(IChangeSource source, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_lookedAt is { } at && clock.GetElapsedTime(at) < options.LookEvery)
            {
                return;
            }

            _lookedAt = clock.GetTimestamp();
            foreach (var (kind, key) in await source.LookAsync(cancellationToken))
            {
                Say(kind, key);
            }
        }
#pragma warning disable CA1031 // Whoever listens goes on listening: the next look may succeed.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            logger.LookFailed(e);
        }
        finally
        {
            _looking.Release();
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

using AppAttach.Contracts;

namespace AppAttach.Embedded.Bus;

/// <summary>
/// Handles the messages of one entity in this process, a bounded number at a time. Locks are renewed while a handler works. A
/// handler that throws gets its message again after a rest that doubles each time, until its deliveries are used up; one that
/// cannot be read (<see cref="MessageInvalidException"/>) goes to the dead letters at once.
/// </summary>
/// <param name="broker">The bus.</param>
/// <param name="path">Queue or subscription.</param>
/// <param name="concurrency">How many messages at once, 1 or more.</param>
/// <param name="handler">Handles a message.</param>
/// <param name="time">The clock and its timers.</param>
/// <param name="logger">Where to log.</param>
internal sealed class BusReceiver(
    BusBroker broker, string path, int concurrency, Func<BusDelivery, CancellationToken, Task<BusHandling>> handler, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    // Coming round without a message costs nothing.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>The rest after a failed delivery: 1 s, 2 s, 4 s … at most a minute.</summary>
    /// <param name="deliveryCount">The number of the failed delivery, from 1.</param>
    /// <returns>The rest.</returns>
    public static TimeSpan RestAfter(int deliveryCount)
    {
        var doublings = Math.Clamp(deliveryCount - 1, 0, 6);
        var rest = FirstRest * (1 << doublings);
        return rest < LongestRest ? rest : LongestRest;
    }

    /// <summary>Handles messages until it is told to stop; then waits for the handlers at work, whose messages go back if they give up.</summary>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A task that completes when no handler is at work any more.</returns>
    /// <exception cref="BusException">The entity is unknown.</exception>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => RunOneAsync(cancellationToken)));

    private async Task RunOneAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await broker.ReceiveAsync(path, LongestWait, cancellationToken) is { } delivery)
                {
                    await HandleOrLoseAsync(delivery, cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task HandleOrLoseAsync(BusDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await HandleAsync(delivery, cancellationToken);
        }
        catch (BusException e) when (e.Error == BusError.LockLost)
        {
            logger.LockLost(path, delivery.Message.MessageId!);
        }
    }

    private async Task HandleAsync(BusDelivery delivery, CancellationToken cancellationToken)
    {
        var token = delivery.LockToken!.Value;
        BusHandling handling;
        using var done = new CancellationTokenSource();
        var renewing = RenewAsync(delivery, done.Token);
        try
        {
            handling = await handler(delivery, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping is no fault of the message: this delivery does not count.
            await broker.UndoReceiveAsync(path, token);
            return;
        }
        catch (MessageInvalidException e)
        {
            handling = BusHandling.DeadLetter(ErrorCodes.MessageInvalid, e.Message);
        }
#pragma warning disable CA1031 // Whatever else a handler throws, its message must rest and come again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var rest = RestAfter(delivery.DeliveryCount);
            logger.HandlerFailed(e, path, delivery.Message.MessageId!, delivery.DeliveryCount, rest);
            await broker.AbandonAsync(path, token, rest, cancellationToken: CancellationToken.None);
            return;
        }
        finally
        {
            await done.CancelAsync();
            await renewing;
        }

        if (handling.Reason is { } reason)
        {
            await broker.DeadLetterAsync(path, token, reason, handling.Description ?? string.Empty, CancellationToken.None);
        }
        else
        {
            await broker.CompleteAsync(path, token, cancellationToken: CancellationToken.None);
        }
    }

    private async Task RenewAsync(BusDelivery delivery, CancellationToken done)
    {
        var until = delivery.LockedUntil!.Value;
        while (true)
        {
            var half = (until - time.GetUtcNow()) / 2;
            await Task.Delay(half > TimeSpan.Zero ? half : TimeSpan.Zero, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested)
            {
                return;
            }

            try
            {
                until = await broker.RenewAsync(path, delivery.LockToken!.Value, cancellationToken: CancellationToken.None);
            }
            catch (BusException)
            {
                // The lock is lost; settling says so.
                return;
            }
        }
    }
}

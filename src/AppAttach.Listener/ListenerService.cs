using System.Diagnostics;
using System.Net;
using AppAttach.Contracts;
using AppAttach.Listener.Bus;
using AppAttach.Listener.Commands;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener;

/// <summary>
/// The listener's life: make the machine match the ledger, say hello, then carry out commands, each package family's in their order, and
/// look after the machine and say hello again every interval and after each change. Without a bus it goes on looking after what it has.
/// </summary>
internal sealed class ListenerService(
    ListenerOptions options,
    HostMachine machine,
    CommandHandler handler,
    Convergence convergence,
    BusClient bus,
    HelloWriter hello,
    HostSignals signals,
    Func<Backoff> newBackoff,
    ILogger logger) : BackgroundService
{
    // When the listener stops, handing a command back must not hold it up: its lock runs out by itself.
    private static readonly TimeSpan HandBackTimeout = TimeSpan.FromSeconds(5);

    // A share that hangs at the start keeps its own packages away, not the commands for others.
    private static readonly TimeSpan FirstConvergenceLimit = TimeSpan.FromSeconds(30);

    // The hello that follows each look at the machine comes first, unless that hangs.
    private static readonly TimeSpan HelloMargin = TimeSpan.FromSeconds(30);

    // Commands that have been received and are not completed. Most wait for their turn, their share or the bus; each costs a lock renewal.
    private const int CommandsInHand = 32;

    // Released once for each hello that is due before the interval is over.
    private readonly SemaphoreSlim _helloDue = new(0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _helloDue.Dispose();
        signals.Dispose();
        bus.Dispose();
        machine.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not on the caller's thread: the host waits for it before it listens to signals.
        await Task.Yield();
        Logs.Started(logger, ListenerHost.Version, options.Host, options.Pool, options.BusBase, options.TopicOrDefault, machine.Mounter.Name);
        if (options.BusBase is { Scheme: "http", IsLoopback: false })
        {
            Logs.BusNotEncrypted(logger, options.BusBase);
        }

        try
        {
            var first = ConvergeAsync(stoppingToken);
            await Task.WhenAny(first, Task.Delay(FirstConvergenceLimit, machine.Clock, stoppingToken));
            await Task.WhenAll(LookAfterAsync(first, stoppingToken), SayHelloAsync(stoppingToken), ReceiveAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop: this is the end that was asked for.
        }
    }

    private async Task<int> ConvergeAsync(CancellationToken stoppingToken)
    {
        try
        {
            var failures = await convergence.RunAsync(stoppingToken);
            if (failures == 0)
            {
                Logs.Converged(logger, machine.Ledger.Packages.Count);
            }

            return failures;
        }
        catch (Exception e) when (!IsStop(e, stoppingToken))
        {
            Logs.LoopBroke(logger, e);
            return 1;
        }
    }

    // Looks after the machine: every interval, when somebody signs in or out, and sooner while something is amiss.
    private async Task LookAfterAsync(Task<int> first, CancellationToken stoppingToken)
    {
        var backoff = newBackoff();
        var failures = await first;
        while (true)
        {
            _ = _helloDue.Release();
            if (failures == 0)
            {
                backoff.Reset();
                await FinishProofsAsync(stoppingToken);
            }

            var delay = Shorter(options.HelloInterval, failures > 0 ? backoff.Next(retryAfter: null) : null);
            await signals.WaitAsync(delay, machine.Clock, stoppingToken);
            failures = await ConvergeAsync(stoppingToken);
        }
    }

    private async Task FinishProofsAsync(CancellationToken stoppingToken)
    {
        try
        {
            await convergence.FinishProofsAsync(stoppingToken);
        }
        catch (Exception e) when (!IsStop(e, stoppingToken))
        {
            Logs.LoopBroke(logger, e);
        }
    }

    private async Task SayHelloAsync(CancellationToken stoppingToken)
    {
        var backoff = newBackoff();

        // When the first look at the machine is over, the first hello says what it found: one is enough.
        _ = await _helloDue.WaitAsync(TimeSpan.Zero, stoppingToken);
        while (true)
        {
            var isSaid = await TryHelloAsync(backoff, stoppingToken);
            var delay = Shorter(options.HelloInterval + HelloMargin, isSaid ? null : backoff.Next(retryAfter: null));
            await HostSignals.WaitAsync(_helloDue, delay, machine.Clock, stoppingToken);
        }
    }

    // A cancellation that nobody asked this service for is a failure like any other: neither loop may end by it.
    private static bool IsStop(Exception e, CancellationToken stoppingToken) => e is OperationCanceledException && stoppingToken.IsCancellationRequested;

    private static TimeSpan Shorter(TimeSpan delay, TimeSpan? other) => other is { } value && value < delay ? value : delay;

    // True when the bus took it.
    private async Task<bool> TryHelloAsync(Backoff backoff, CancellationToken stoppingToken)
    {
        try
        {
            HostHello message;
            using (await machine.Gate.EnterAsync(stoppingToken))
            {
                message = await hello.WriteAsync(stoppingToken);
            }

            var id = Guid.CreateVersion7(message.SentAt).ToString("N");
            await bus.SendAsync(Message.Write(message, id), "hello", id, stoppingToken);
            backoff.Reset();
            Logs.HelloSaid(logger, message.Inventory.Count);
            return true;
        }
        catch (BusException e)
        {
            Logs.HelloNotTaken(logger, e.Message);
            return false;
        }
        catch (Exception e) when (!IsStop(e, stoppingToken))
        {
            Logs.LoopBroke(logger, e);
            return false;
        }
    }

    private async Task ReceiveAsync(CancellationToken stoppingToken)
    {
        var inHand = new List<Task>();
        var backoff = newBackoff();
        try
        {
            while (true)
            {
                _ = inHand.RemoveAll(work => work.IsCompleted);
                if (inHand.Count >= CommandsInHand)
                {
                    await Task.WhenAny(inHand);
                }
                else if (await TryReceiveAsync(backoff, stoppingToken) is { } message)
                {
                    inHand.Add(ProcessSafelyAsync(message, stoppingToken));
                }
            }
        }
        finally
        {
            await Task.WhenAll(inHand);
        }
    }

    private async Task<LockedMessage?> TryReceiveAsync(Backoff backoff, CancellationToken stoppingToken)
    {
        try
        {
            var message = await bus.ReceiveAsync(stoppingToken);
            if (backoff.IsFailing)
            {
                Logs.BusAvailable(logger);
                backoff.Reset();
            }

            return message;
        }
        catch (BusException e)
        {
            if (e.Status == HttpStatusCode.Gone)
            {
                // No subscription: the pipeline makes it when it hears of this host.
                _ = _helloDue.Release();
            }

            await DelayAsync(backoff, e, stoppingToken);
        }
        catch (Exception e) when (!IsStop(e, stoppingToken))
        {
            // A listener that says hello and takes no more commands would be the worst of all.
            Logs.LoopBroke(logger, e);
            await Task.Delay(backoff.Next(retryAfter: null), machine.Clock, stoppingToken);
        }

        return null;
    }

    // Whatever one message does, the others go on: the lock of this one runs out, and it comes again.
    private async Task ProcessSafelyAsync(LockedMessage message, CancellationToken stoppingToken)
    {
        try
        {
            await ProcessAsync(message, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Handed back.
        }
        catch (Exception e) when (!IsStop(e, stoppingToken))
        {
            Logs.LoopBroke(logger, e);
        }
    }

    private async Task ProcessAsync(LockedMessage message, CancellationToken stoppingToken)
    {
        // What is said about a command belongs to the trace of the package that the command came from.
        using var trace = new Activity("command");
        if (ActivityContext.TryParse(Message.FindTraceParent(message.Body.Span), traceState: null, isRemote: true, out var parent))
        {
            trace.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        }

        trace.Start();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var renewal = RenewAsync(message, done.Token);
        try
        {
            var (outcome, isNew) = await handler.HandleAsync(message, stoppingToken);
            await PersistAsync(() => bus.SendAsync(Message.Write(outcome), "outcome", outcome.CommandId, stoppingToken), stoppingToken);
            await CompleteAsync(message, stoppingToken);
            if (isNew)
            {
                _ = _helloDue.Release();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await HandBackAsync(message);
            throw;
        }
        finally
        {
            await done.CancelAsync();
            await renewal;
        }
    }

    // The ledger has the outcome, so that nothing is lost if this fails: the message comes again and is only reported.
    private async Task CompleteAsync(LockedMessage message, CancellationToken stoppingToken)
    {
        try
        {
            if (!await bus.CompleteAsync(message, stoppingToken))
            {
                Logs.LockLost(logger, message.MessageId);
            }
        }
        catch (BusException e)
        {
            Logs.NotCompleted(logger, message.MessageId, e.Message);
        }
    }

    private async Task HandBackAsync(LockedMessage message)
    {
        using var limit = new CancellationTokenSource(HandBackTimeout);
        try
        {
            Logs.CommandHandedBack(logger, message.MessageId);
            _ = await bus.UnlockAsync(message, limit.Token);
        }
        catch (Exception e) when (e is BusException or OperationCanceledException)
        {
            Logs.LockLost(logger, message.MessageId);
        }
    }

    // Half the lock's time is left for a renewal that needs a second try.
    private async Task RenewAsync(LockedMessage message, CancellationToken doneToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(message.LockDuration / 2, machine.Clock, doneToken);
                if (!await TryRenewAsync(message, doneToken))
                {
                    Logs.LockLost(logger, message.MessageId);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (doneToken.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    private async Task<bool> TryRenewAsync(LockedMessage message, CancellationToken doneToken)
    {
        try
        {
            return await bus.RenewAsync(message, doneToken);
        }
        catch (BusException e)
        {
            Logs.BusUnavailable(logger, e.Message, (long)(message.LockDuration / 2).TotalMilliseconds);
            return true;
        }
    }

    private async Task PersistAsync(Func<Task> request, CancellationToken stoppingToken)
    {
        var backoff = newBackoff();
        while (true)
        {
            try
            {
                await request();
                return;
            }
            catch (BusException e)
            {
                await DelayAsync(backoff, e, stoppingToken);
            }
        }
    }

    private Task DelayAsync(Backoff backoff, BusException failure, CancellationToken stoppingToken)
    {
        var delay = backoff.Next(failure.RetryAfter);
        Logs.BusUnavailable(logger, failure.Message, (long)delay.TotalMilliseconds);
        return Task.Delay(delay, machine.Clock, stoppingToken);
    }
}

using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using AppAttach.Embedded.Bus;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// Gives a client messages under locks, as many as it has credit for. A lock is of the bus, not of the link: one that has ended is refused, and closing
/// the link gives nothing back.
/// </summary>
internal sealed class ReceivingEndpoint : LinkEndpoint
{
    private static readonly ConditionalWeakTable<Message, object> Locks = [];

    private readonly BusBroker _broker;
    private readonly string _path;
    private readonly ListenerLink _link;
    private readonly SemaphoreSlim _flow = new(0);
    private readonly CancellationTokenSource _closed = new();
    private CancellationTokenSource _drain = new();
    private int _credit;

    public ReceivingEndpoint(BusBroker broker, string path, ListenerLink link)
    {
        (_broker, _path, _link) = (broker, path, link);

        // The library releases what a closing link gave out after this, and before it tells the endpoint.
        link.AddClosedCallback((_, _) => _closed.Cancel());
        _ = Task.Run(PumpAsync);
    }

    /// <summary>The lock under which a message was given out.</summary>
    public static Guid? FindLock(Message message) => Locks.TryGetValue(message, out var token) ? (Guid)token : null;

    public override void OnFlow(FlowContext flowContext)
    {
        Interlocked.Add(ref _credit, flowContext.Messages);
        if (_link.IsDraining)
        {
            _drain.Cancel();
        }

        _flow.Release();
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // Locks stay when the link closes.
        if (!_closed.IsCancellationRequested)
        {
            _ = Task.Run(() => SettleAsync(dispositionContext));
        }
    }

    /// <summary>Does what the client decided, and says so or why not (learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement).</summary>
    private async Task SettleAsync(DispositionContext context)
    {
        var token = FindLock(context.Message)!.Value;
        try
        {
            switch (context.DeliveryState)
            {
                case Accepted:
                    await _broker.CompleteAsync(_path, token);
                    break;
                case Rejected { Error.Info: var info }:
                    await _broker.DeadLetterAsync(
                        _path, token, info?[(Symbol)"DeadLetterReason"] as string ?? "", info?[(Symbol)"DeadLetterErrorDescription"] as string ?? "");
                    break;
                case Released:
                    await _broker.UndoReceiveAsync(_path, token);
                    break;
                case Modified { UndeliverableHere: false }:
                    await _broker.AbandonAsync(_path, token);
                    break;
                default:
                    throw new BusException(BusError.BadRequest, "Messages can be completed, abandoned and dead-lettered, nothing else.");
            }

            // Whatever was decided: it is done. A rejection would say that it could not be done.
            _link.Settle(context.Message, new Accepted());
        }
        catch (BusException e)
        {
            _link.Settle(context.Message, new Rejected { Error = AmqpServer.ToError(e) });
        }
    }

    private async Task PumpAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            await _flow.WaitAsync(_closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, _drain.Token);
            while (Volatile.Read(ref _credit) > 0 && !stop.IsCancellationRequested && await ReceiveAsync(stop.Token) is { } delivery)
            {
                var message = AmqpMessages.Write(delivery);
                Locks.Add(message, delivery.LockToken!.Value);
                Interlocked.Decrement(ref _credit);
                _link.Send(message);
            }

            if (_drain.IsCancellationRequested && !_closed.IsCancellationRequested)
            {
                _drain.Dispose();
                _drain = new CancellationTokenSource();
                Interlocked.Exchange(ref _credit, 0);
                _link.CompleteDrain();
            }
        }
    }

    private async Task<BusDelivery?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _broker.ReceiveAsync(_path, TimeSpan.FromDays(1), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (BusException e)
        {
            await _link.CloseAsync(TimeSpan.Zero, AmqpServer.ToError(e));
            return null;
        }
    }
}

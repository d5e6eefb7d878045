using AppAttach.Embedded.Bus;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// Gives a client messages under locks, as many as it has credit for. The delivery tag of a message is its lock token
/// (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide, "Transfers and settlement"). A lock is of the bus, not of the link: one
/// that has ended is refused, and closing the link gives nothing back.
/// </summary>
internal sealed class ReceivingEndpoint
{
    /// <summary>How long the bus may wait at a time: it does not see that a test sets the clock forward.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private readonly BusBroker _broker;
    private readonly string _path;
    private readonly SendingAmqpLink _link;
    private readonly SemaphoreSlim _flow = new(0);
    private readonly CancellationTokenSource _closed = new();
    private CancellationTokenSource _drain = new();

    private ReceivingEndpoint(SendingAmqpLink link, BusBroker broker, string path) => (_link, _broker, _path) = (link, broker, path);

    /// <summary>Gives out messages over a link from now on, until it closes.</summary>
    /// <param name="link">The link.</param>
    /// <param name="broker">Has the messages.</param>
    /// <param name="path">Queue, subscription or dead letters.</param>
    public static void Serve(SendingAmqpLink link, BusBroker broker, string path)
    {
        var endpoint = new ReceivingEndpoint(link, broker, path);
        link.RegisterCreditListener((_, drain, _) => endpoint.OnFlow(drain));
        link.RegisterDispositionListener(delivery => AmqpServer.Run(link, () => endpoint.SettleAsync(delivery)));
        link.Closed += (_, _) => endpoint._closed.Cancel();
        AmqpServer.Run(link, endpoint.PumpAsync);
    }

    private void OnFlow(bool drain)
    {
        if (drain)
        {
            // The library takes the credit back once this is over, and says so to the client.
            Interlocked.Exchange(ref _drain, new CancellationTokenSource()).Cancel();
        }
        else
        {
            _flow.Release();
        }
    }

    private async Task PumpAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            await _flow.WaitAsync(_closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, Volatile.Read(ref _drain).Token);
            while (_link.LinkCredit > 0 && !stop.IsCancellationRequested)
            {
                if (await ReceiveAsync(stop.Token) is not { } delivery)
                {
                    continue;
                }

                if (_link.LinkCredit > 0 && !_closed.IsCancellationRequested)
                {
                    _link.SendMessageNoWait(AmqpMessages.Write(delivery), delivery.LockToken!.Value.ToByteArray(), default);
                }
                else
                {
                    // The credit was taken back meanwhile: the client would not see it.
                    await _broker.UndoReceiveAsync(_path, delivery.LockToken!.Value);
                }
            }
        }
    }

    private async Task<BusDelivery?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _broker.ReceiveAsync(_path, LongestWait, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (BusException e)
        {
            throw AmqpServer.ToException(e);
        }
    }

    /// <summary>Does what the client decided, and says so or why not (learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement).</summary>
    private async Task SettleAsync(Delivery delivery)
    {
        var token = new Guid(delivery.DeliveryTag);
        try
        {
            switch (delivery.State)
            {
                case Accepted:
                    await _broker.CompleteAsync(_path, token);
                    break;
                case Rejected { Error.Info: var info }:
                    await _broker.DeadLetterAsync(
                        _path, token, info?["DeadLetterReason"] as string ?? "", info?["DeadLetterErrorDescription"] as string ?? "");
                    break;
                case Released:
                    await _broker.UndoReceiveAsync(_path, token);
                    break;
                case Modified { UndeliverableHere: not true }:
                    await _broker.AbandonAsync(_path, token);
                    break;
                default:
                    throw new BusException(BusError.BadRequest, "Messages can be completed, abandoned and dead-lettered, nothing else.");
            }

            // Whatever was decided: it is done. A rejection would say that it could not be done.
            _link.DisposeDelivery(delivery, settled: true, new Accepted());
        }
        catch (BusException e)
        {
            _link.DisposeDelivery(delivery, settled: true, new Rejected { Error = AmqpServer.ToError(e) });
        }
    }
}

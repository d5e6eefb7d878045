using AppAttach.Api.Ports;
using AppAttach.Contracts;
using Azure.Messaging.ServiceBus;

namespace AppAttach.Functions.Site;

/// <summary>
/// Dead letters of the queues that the app receives from. Those of hosts' subscriptions are not among them: asking each of thousands is no work for an
/// overview. Checked by tests with substituted clients only: no Service Bus has seen it yet.
/// </summary>
/// <param name="bus">The namespace; its identity needs Data Receiver and Data Sender on the queues.</param>
internal sealed class BusDeadLetterBox(ServiceBusClient bus) : IDeadLetterBox
{
    private const int MostAQueue = 200;
    private const int LongestBody = 4_000;
    private static readonly string[] Queues = [BusEntities.Drops, BusEntities.HostOutcomes, BusEntities.Requests];
    private static readonly ServiceBusReceiverOptions OfDeadLetters = new() { SubQueue = SubQueue.DeadLetter };

    /// <summary>How long the service may wait for more messages, of which there may be fewer than asked for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(Queues.Select(queue => ListAsync(queue, cancellationToken)));
        return [.. lists.SelectMany(list => list)];
    }

    /// <inheritdoc/>
    /// <remarks>A crash between sending a copy and completing the dead letter leaves both; every handler takes a repetition for one.</remarks>
    public async Task<int?> ReplayAsync(DeadLetterReplay replay, string by, CancellationToken cancellationToken)
    {
        if (!Queues.Contains(replay.Entity, StringComparer.Ordinal))
        {
            return null;
        }

        var wanted = replay.SequenceNumbers.ToHashSet();
        await using var receiver = bus.CreateReceiver(replay.Entity, OfDeadLetters);
        await using var sender = bus.CreateSender(replay.Entity);
        var count = 0;
        foreach (var message in await receiver.ReceiveMessagesAsync(MostAQueue, LongestWait, cancellationToken))
        {
            if (!wanted.Contains(message.SequenceNumber))
            {
                await receiver.AbandonMessageAsync(message, cancellationToken: cancellationToken);
                continue;
            }

            await sender.SendMessageAsync(new ServiceBusMessage(message) { ApplicationProperties = { ["ReplayedBy"] = by } }, cancellationToken);
            await receiver.CompleteMessageAsync(message, cancellationToken);
            count++;
        }

        return count;
    }

    private static DeadLetter ToLetter(string queue, ServiceBusReceivedMessage message)
    {
        var body = message.Body.ToString();
        return new DeadLetter(
            queue, message.SequenceNumber, message.MessageId, message.DeadLetterReason, message.DeadLetterErrorDescription, message.EnqueuedTime,
            body.Length > LongestBody ? body[..LongestBody] : body);
    }

    private async Task<IEnumerable<DeadLetter>> ListAsync(string queue, CancellationToken cancellationToken)
    {
        await using var receiver = bus.CreateReceiver(queue, OfDeadLetters);
        return (await receiver.PeekMessagesAsync(MostAQueue, cancellationToken: cancellationToken)).Select(message => ToLetter(queue, message));
    }
}

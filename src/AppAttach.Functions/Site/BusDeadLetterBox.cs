using AppAttach.Api.Ports;
using AppAttach.Contracts;
using Azure.Messaging.ServiceBus;

namespace AppAttach.Functions.Site;

/// <summary>
/// Dead letters of the queues that the app receives from, and of the hosts' subscriptions. Checked over AMQP with a server of the tests: no Service Bus
/// has seen it yet.
/// </summary>
/// <param name="bus">The namespace; its identity needs Data Receiver and Data Sender on the queues, and Data Owner on the command topics.</param>
/// <param name="subscriptions">Says which subscriptions to look into.</param>
internal sealed class BusDeadLetterBox(ServiceBusClient bus, CommandSubscriptions subscriptions) : IDeadLetterBox
{
    /// <summary>Messages that a replay holds at most until it has found all that it looks for. More than that lie before them: put those back first.</summary>
    public const int MostHeld = 2_000;

    private const int MostAnEntity = 200;
    private const int LongestBody = 4_000;
    private static readonly string[] Queues = [BusEntities.Drops, BusEntities.HostOutcomes, BusEntities.Requests];
    private static readonly ServiceBusReceiverOptions OfDeadLetters = new() { SubQueue = SubQueue.DeadLetter };

    /// <summary>How long the service may wait for more messages, of which there may be fewer than asked for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancellationToken)
    {
        var found = await subscriptions.FindAsync(cancellationToken);
        var lists = await Task.WhenAll([
            .. Queues.Select(queue => ListAsync(queue, bus.CreateReceiver(queue, OfDeadLetters), cancellationToken)),
            .. found.Select(name => ListAsync(name.ToString(), bus.CreateReceiver(name.Topic, name.Name, OfDeadLetters), cancellationToken))]);
        return [.. lists.SelectMany(list => list)];
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Only deferred messages can be received by their sequence number, so those before the wanted ones are received too, held until all are found, and
    /// then given back. A crash between sending a copy and completing the dead letter leaves both; every handler takes a repetition for one. What
    /// goes to a topic reaches the one host whose name it carries.
    /// </remarks>
    public async Task<int?> ReplayAsync(DeadLetterReplay replay, string by, CancellationToken cancellationToken)
    {
        var subscription = SubscriptionName.Parse(replay.Entity);
        if (subscription is null && !Queues.Contains(replay.Entity, StringComparer.Ordinal))
        {
            return null;
        }

        await using var receiver = subscription is null
            ? bus.CreateReceiver(replay.Entity, OfDeadLetters)
            : bus.CreateReceiver(subscription.Topic, subscription.Name, OfDeadLetters);
        await using var sender = bus.CreateSender(subscription?.Topic ?? replay.Entity);
        try
        {
            return await ReplayAsync(receiver, sender, [.. replay.SequenceNumbers], by, cancellationToken);
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            return null;
        }
    }

    private static async Task<int> ReplayAsync(
        ServiceBusReceiver receiver, ServiceBusSender sender, HashSet<long> wanted, string by, CancellationToken cancellationToken)
    {
        var held = new List<ServiceBusReceivedMessage>();
        var count = 0;
        try
        {
            var ahead = await CountUpToLastAsync(receiver, wanted, cancellationToken);
            while (ahead > 0
                && await receiver.ReceiveMessagesAsync(Math.Min(ahead, MostAnEntity), LongestWait, cancellationToken) is { Count: > 0 } messages)
            {
                ahead -= messages.Count;
                held.AddRange(messages);
                foreach (var message in messages.Where(message => wanted.Remove(message.SequenceNumber)))
                {
                    await sender.SendMessageAsync(
                        new ServiceBusMessage(message) { ApplicationProperties = { ["ReplayedBy"] = by } }, cancellationToken);
                    await receiver.CompleteMessageAsync(message, cancellationToken);
                    held.Remove(message);
                    count++;
                }
            }
        }
        finally
        {
            // What cannot be given back comes back by itself when its lock ends.
            await Task.WhenAll(held.Select(message => receiver.AbandonMessageAsync(message, cancellationToken: CancellationToken.None)))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return count;
    }

    /// <summary>
    /// How many messages lie at and before the last wanted one; 0 when none is there. No more may be asked for: the service would give what is given back to
    /// this receiver again, which closes, and it would be under a lock for a minute.
    /// </summary>
    private static async Task<int> CountUpToLastAsync(ServiceBusReceiver receiver, HashSet<long> wanted, CancellationToken cancellationToken)
    {
        var (seen, upToLast, next) = (0, 0, 0L);
        while (seen < MostHeld && await receiver.PeekMessagesAsync(MostAnEntity, next, cancellationToken) is { Count: > 0 } messages)
        {
            foreach (var message in messages.Take(MostHeld - seen))
            {
                seen++;
                upToLast = wanted.Contains(message.SequenceNumber) ? seen : upToLast;
            }

            next = messages[^1].SequenceNumber + 1;
        }

        return upToLast;
    }

    private static DeadLetter ToLetter(string entity, ServiceBusReceivedMessage message)
    {
        var body = message.Body.ToString();
        return new DeadLetter(
            entity, message.SequenceNumber, message.MessageId, message.DeadLetterReason, message.DeadLetterErrorDescription, message.EnqueuedTime,
            body.Length > LongestBody ? body[..LongestBody] : body);
    }

    private static async Task<IEnumerable<DeadLetter>> ListAsync(string entity, ServiceBusReceiver receiver, CancellationToken cancellationToken)
    {
        await using (receiver)
        {
            try
            {
                return (await receiver.PeekMessagesAsync(MostAnEntity, cancellationToken: cancellationToken)).Select(message => ToLetter(entity, message));
            }
            catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
            {
                // A host's subscription that was removed since.
                return [];
            }
        }
    }
}

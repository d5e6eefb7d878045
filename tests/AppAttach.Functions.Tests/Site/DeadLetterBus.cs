using Azure.Messaging.ServiceBus;

namespace AppAttach.Functions.Tests.Site;

/// <summary>
/// Dead letters in memory, by the path of their queue or subscription, with the service's locks: what is received is locked until it is completed or
/// given back, a receive gives fewer than asked for, and an entity that is not there is refused.
/// </summary>
internal sealed class DeadLetterBus : ServiceBusClient
{
    /// <summary>Messages that a receive gives at most, whatever it is asked for.</summary>
    private const int MostAReceive = 37;

    /// <summary>Dead letters by path, in their order.</summary>
    public Dictionary<string, List<ServiceBusReceivedMessage>> Letters { get; } = [];

    /// <summary>Sequence numbers of locked messages, by path.</summary>
    public Dictionary<string, HashSet<long>> Locked { get; } = [];

    /// <summary>What was sent, with the queue or topic.</summary>
    public List<(string Entity, ServiceBusMessage Message)> Sent { get; } = [];

    /// <summary>Puts dead letters with the sequence numbers 1, 2, … there.</summary>
    public void Put(string path, int count)
    {
        Locked[path] = [];
        Letters[path] = [.. Enumerable.Range(1, count).Select(i => ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: BinaryData.FromString($"body {i}"),
            messageId: $"message-{i}",
            properties: new Dictionary<string, object> { ["target"] = "host-7", ["DeadLetterReason"] = "MaxDeliveryCountExceeded" },
            sequenceNumber: i))];
    }

    public override ServiceBusReceiver CreateReceiver(string queueName, ServiceBusReceiverOptions options) => new Receiver(this, queueName, options);

    public override ServiceBusReceiver CreateReceiver(string topicName, string subscriptionName, ServiceBusReceiverOptions options) =>
        new Receiver(this, $"{topicName}/Subscriptions/{subscriptionName}", options);

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

#pragma warning disable CA2215 // There is no connection below to close.
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Receiver(DeadLetterBus bus, string path, ServiceBusReceiverOptions options) : ServiceBusReceiver
    {
        private List<ServiceBusReceivedMessage> Letters => options.SubQueue == SubQueue.DeadLetter && bus.Letters.TryGetValue(path, out var letters)
            ? letters
            : throw new ServiceBusException($"There is no {path}.", ServiceBusFailureReason.MessagingEntityNotFound);

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(
            int maxMessages, long? fromSequenceNumber = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>([.. Letters.Take(maxMessages)]);

        public override Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(
            int maxMessages, TimeSpan? maxWaitTime = null, CancellationToken cancellationToken = default)
        {
            List<ServiceBusReceivedMessage> messages =
                [.. Letters.Where(letter => !bus.Locked[path].Contains(letter.SequenceNumber)).Take(Math.Min(maxMessages, MostAReceive))];
            bus.Locked[path].UnionWith(messages.Select(message => message.SequenceNumber));
            return Task.FromResult<IReadOnlyList<ServiceBusReceivedMessage>>(messages);
        }

        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            Unlock(message);
            Letters.Remove(message);
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default)
        {
            Unlock(message);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Unlock(ServiceBusReceivedMessage message)
        {
            if (!bus.Locked[path].Remove(message.SequenceNumber))
            {
                throw new ServiceBusException("The lock was lost.", ServiceBusFailureReason.MessageLockLost);
            }
        }
    }

    private sealed class Sender(DeadLetterBus bus, string entity) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            bus.Sent.Add((entity, message));
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
#pragma warning restore CA2215
}

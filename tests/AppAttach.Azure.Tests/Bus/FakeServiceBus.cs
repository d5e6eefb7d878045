using Azure.Messaging.ServiceBus;

namespace AppAttach.Azure.Tests.Bus;

/// <summary>A client whose senders note what they are given; a batch takes two messages.</summary>
internal sealed class FakeServiceBus : ServiceBusClient
{
    /// <summary>What was sent, batch by batch, with the entity.</summary>
    public List<(string Entity, IReadOnlyList<ServiceBusMessage> Messages)> Sent { get; } = [];

    /// <summary>Messages that fit into a batch.</summary>
    public int BatchSize { get; set; } = 2;

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, queueOrTopicName);

    private sealed class Sender(FakeServiceBus bus, string entity) : ServiceBusSender
    {
        private readonly Dictionary<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            var messages = new List<ServiceBusMessage>();
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(
                1000, messages, new CreateMessageBatchOptions { MaxSizeInBytes = 1000 }, _ => messages.Count < bus.BatchSize);
            _batches.Add(batch, messages);
            return ValueTask.FromResult(batch);
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            bus.Sent.Add((entity, [.. _batches[messageBatch]]));
            return Task.CompletedTask;
        }

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            bus.Sent.Add((entity, [message]));
            return Task.CompletedTask;
        }

#pragma warning disable CA2215 // There is no connection below to close.
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
    }
}

using Azure.Messaging.ServiceBus;

namespace AppAttach.Functions.Tests.Triggers;

/// <summary>A client whose senders note what they are given, in the order of a log.</summary>
internal sealed class RecordedBus(List<string> log) : ServiceBusClient
{
    /// <summary>What was sent, with the queue.</summary>
    public List<(string Queue, ServiceBusMessage Message)> Sent { get; } = [];

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(this, log, queueOrTopicName);

    private sealed class Sender(RecordedBus bus, List<string> log, string queue) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            log.Add("put back");
            bus.Sent.Add((queue, message));
            return Task.CompletedTask;
        }

#pragma warning disable CA2215 // There is no connection below to close.
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
    }
}

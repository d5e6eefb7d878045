using AppAttach.TestKit.Ports;

namespace AppAttach.Embedded.Tests.Bus;

/// <summary>Receives for the suites of the ports that send.</summary>
internal static class BrokerReceiving
{
    /// <summary>Takes and completes all that waits.</summary>
    public static async Task<IReadOnlyList<PortMessage>> DrainAsync(this BrokerBench bench, string path)
    {
        var messages = new List<PortMessage>();
        while (await bench.TakeAsync(path) is { Message: var message } delivery)
        {
            messages.Add(new PortMessage(
                message.MessageId!, message.Label, message.ContentType, message.CorrelationId, message.SessionId, message.Properties, message.Body));
            await bench.Broker.CompleteAsync(path, delivery.LockToken!.Value);
        }

        return messages;
    }
}

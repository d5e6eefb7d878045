using AppAttach.TestKit.Ports;
using Azure.Messaging.ServiceBus;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>Receives with the real client.</summary>
internal static class Receiving
{
    /// <summary>
    /// Takes and completes all that waits, one by one: of several messages at once the client gives back those that come later than the first ones, and
    /// their order is lost.
    /// </summary>
    /// <param name="receiver">Receives; it is closed.</param>
    /// <returns>The messages in their order.</returns>
    public static async Task<IReadOnlyList<PortMessage>> DrainAsync(ServiceBusReceiver receiver)
    {
        await using var closing = receiver;
        var messages = new List<PortMessage>();
        while (await receiver.PeekMessageAsync(fromSequenceNumber: 0) is not null)
        {
            var message = await receiver.ReceiveMessageAsync();
            messages.Add(new PortMessage(
                message.MessageId,
                message.Subject,
                message.ContentType,
                message.CorrelationId,
                message.SessionId,
                message.ApplicationProperties,
                message.Body.ToMemory()));
            await receiver.CompleteMessageAsync(message);
        }

        return messages;
    }
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace AppAttach.Azure.Bus;

/// <summary>
/// Answers to requests, on the queue or topic that their senders name. One that does not exist, does not take the answer, or that the identity
/// may not send to is passed over: its sender asked for what it cannot have, and the answer is in the catalog. Checked against the documentation
/// and, over AMQP, a server of the tests.
/// </summary>
/// <param name="client">Sends; its identity needs Azure Service Bus Data Sender on the queues that senders name.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Says which answers had nowhere to go.</param>
public sealed class ServiceBusReplySender(ServiceBusClient client, TimeProvider clock, ILogger<ServiceBusReplySender> logger) : IReplySender
{
    /// <inheritdoc/>
    public async Task SendAsync(ReplyAddress address, RequestReply reply, CancellationToken cancellationToken)
    {
        try
        {
            await using var sender = client.CreateSender(address.ReplyTo);
            await sender.SendMessageAsync(
                new ServiceBusMessage(BinaryData.FromBytes(Message.Write(reply, clock.GetUtcNow())))
                {
                    MessageId = reply.RequestId + "-reply",
                    CorrelationId = address.CorrelationId,
                    SessionId = address.SessionId,
                    Subject = MessageTypes.Reply,
                    ContentType = Message.ContentType,
                },
                cancellationToken);
        }
        catch (Exception e) when (e is ServiceBusException { IsTransient: false } or UnauthorizedAccessException or ArgumentException or UriFormatException)
        {
            AdapterLogs.ReplyNotTaken(logger, e, address.ReplyTo, reply.RequestId);
        }
    }
}

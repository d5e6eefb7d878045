using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using Azure.Messaging.ServiceBus;

namespace AppAttach.Azure.Bus;

/// <summary>
/// Answers to requests, on the queue or topic that their senders name. One that does not exist, or that the identity may not send to, is
/// passed over: its sender asked for what it cannot have. Not tried against Azure.
/// </summary>
/// <param name="client">Sends; its identity needs Azure Service Bus Data Sender on the queues that senders name.</param>
/// <param name="clock">The clock.</param>
public sealed class ServiceBusReplySender(ServiceBusClient client, TimeProvider clock) : IReplySender
{
    /// <inheritdoc/>
    public async Task SendAsync(ReplyAddress address, RequestReply reply, CancellationToken cancellationToken)
    {
        await using var sender = client.CreateSender(address.ReplyTo);
        var message = new ServiceBusMessage(BinaryData.FromBytes(Message.Write(reply, clock.GetUtcNow())))
        {
            MessageId = reply.RequestId + "-reply",
            CorrelationId = address.CorrelationId,
            SessionId = address.SessionId,
            Subject = MessageTypes.Reply,
            ContentType = "application/cloudevents+json",
        };
        try
        {
            await sender.SendMessageAsync(message, cancellationToken);
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessagingEntityNotFound)
        {
            // Nobody is there to hear it; the answer is in the catalog.
        }
        catch (UnauthorizedAccessException)
        {
            // The same.
        }
    }
}

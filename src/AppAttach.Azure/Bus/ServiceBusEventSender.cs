using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Telemetry;
using Azure.Messaging.ServiceBus;

namespace AppAttach.Azure.Bus;

/// <summary>
/// Events for other systems on the topic <c>events</c>; the message id is the event's id, so that duplicate detection on the topic
/// makes one of a repetition. Checked against the documentation and, over AMQP, a server of the tests.
/// </summary>
/// <param name="client">Sends; its identity needs Azure Service Bus Data Sender on the topic.</param>
/// <param name="clock">The clock.</param>
public sealed class ServiceBusEventSender(ServiceBusClient client, TimeProvider clock) : IEventSender, IAsyncDisposable
{
    private readonly ServiceBusSender _sender = client.CreateSender(BusEntities.Events);

    /// <inheritdoc/>
    public async Task SendAsync(string type, string id, PipelineEvent content, CancellationToken cancellationToken)
    {
        var message = new ServiceBusMessage(BinaryData.FromBytes(Message.Write(content, type, id, clock.GetUtcNow())))
        {
            MessageId = id,
            Subject = type,
            ContentType = Message.ContentType,
            ApplicationProperties = { [BusEntities.TypeProperty] = type },
        };
        await _sender.SendMessageAsync(message.WithTrace(), cancellationToken);
        PipelineTelemetry.EventSent(type, content.Code);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sender.DisposeAsync();
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;
using Azure.Messaging.ServiceBus;

namespace AppAttach.Azure.Bus;

/// <summary>
/// Events for other systems on the topic <c>events</c>; the message id is the event's id, so that duplicate detection on the topic
/// makes one of a repetition. Checked against the documentation and by tests with substituted clients only.
/// </summary>
/// <param name="client">Sends; its identity needs Azure Service Bus Data Sender on the topic.</param>
/// <param name="clock">The clock.</param>
public sealed class ServiceBusEventSender(ServiceBusClient client, TimeProvider clock) : IEventSender, IAsyncDisposable
{
    /// <summary>Message property that carries the event's type, for filters.</summary>
    public const string TypeProperty = "type";

    private readonly ServiceBusSender _sender = client.CreateSender(BusEntities.Events);

    /// <inheritdoc/>
    public Task SendAsync(string type, string id, PipelineEvent content, CancellationToken cancellationToken) =>
        _sender.SendMessageAsync(
            new ServiceBusMessage(BinaryData.FromBytes(Message.Write(content, type, id, clock.GetUtcNow())))
            {
                MessageId = id,
                Subject = type,
                ContentType = "application/cloudevents+json",
                ApplicationProperties = { [TypeProperty] = type },
            },
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sender.DisposeAsync();
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Bus;

/// <summary>Tells other systems over the topic <see cref="BusEntities.Events"/>; the topic exists, see <see cref="BusSetup"/>.</summary>
/// <param name="broker">The bus.</param>
/// <param name="time">The clock.</param>
internal sealed class BusEventSender(BusBroker broker, TimeProvider time) : IEventSender
{
    /// <inheritdoc/>
    public Task SendAsync(string type, string id, PipelineEvent content, CancellationToken cancellationToken) => broker.SendAsync(
        BusEntities.Events,
        [
            new BusMessage
            {
                MessageId = id,
                ContentType = Message.ContentType,
                Label = type,
                Body = Message.Write(content, type, id, time.GetUtcNow()),
                Properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { [BusEntities.TypeProperty] = type },
            },
        ],
        cancellationToken);
}

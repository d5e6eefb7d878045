using Amqp;
using Amqp.Framing;
using Amqp.Types;
using AppAttach.Embedded.Bus;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// Messages between AMQP and the bus (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide, "Messages"). What the bus cannot
/// keep is refused.
/// </summary>
internal static class AmqpMessages
{
    /// <summary>Format of a transfer whose data sections are a message each.</summary>
    private const uint BatchFormat = 0x80013700;

    private static readonly Symbol ScheduledTime = "x-opt-scheduled-enqueue-time";

    /// <summary>Reads a transfer.</summary>
    /// <param name="message">What came.</param>
    /// <returns>Its messages, one or more.</returns>
    public static IReadOnlyList<BusMessage> Read(Message message) => message.Format != BatchFormat
        ? [ReadOne(message)]
        : [.. SectionsOf(message).Select(bytes => ReadOne(Message.Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length))))];

    /// <summary>Writes a message.</summary>
    /// <param name="delivery">The message, locked or peeked at.</param>
    /// <returns>It.</returns>
    public static Message Write(BusDelivery delivery)
    {
        var from = delivery.Message;
        var message = new Message
        {
            Header = new Header { Durable = true, DeliveryCount = (uint)Math.Max(0, delivery.DeliveryCount - 1) },
            Properties = new Properties
            {
                MessageId = from.MessageId,
                CorrelationId = from.CorrelationId,
                Subject = from.Label,
                To = from.To,
                ReplyTo = from.ReplyTo,
                ReplyToGroupId = from.ReplyToSessionId,
                GroupId = from.SessionId,
            },
            MessageAnnotations = new MessageAnnotations
            {
                [(Symbol)"x-opt-sequence-number"] = delivery.SequenceNumber,
                [(Symbol)"x-opt-enqueue-sequence-number"] = delivery.EnqueuedSequenceNumber,
                [(Symbol)"x-opt-enqueued-time"] = delivery.EnqueuedTime.UtcDateTime,
            },
            ApplicationProperties = new ApplicationProperties(),
            BodySection = new Data { Binary = from.Body },
        };
        if (from.ContentType is { } contentType)
        {
            message.Properties.ContentType = contentType;
        }

        if (from.TimeToLive is { } life)
        {
            message.Header.Ttl = (uint)Math.Min(life.TotalMilliseconds, uint.MaxValue);
        }

        if (delivery.LockedUntil is { } until)
        {
            message.MessageAnnotations[(Symbol)"x-opt-locked-until"] = until.UtcDateTime;
        }

        foreach (var (name, value) in from.Properties)
        {
            message.ApplicationProperties[name] = value;
        }

        return message;
    }

    private static IEnumerable<byte[]> SectionsOf(Message batch) => batch.Body switch
    {
        Data[] sections => sections.Select(section => section.Binary),
        byte[] bytes => [bytes],
        _ => throw new ArgumentException("A batch has data sections."),
    };

    private static BusMessage ReadOne(Message message) => new()
    {
        Body = message.Body is byte[] body ? body : throw new ArgumentException("The body is not one section of data."),
        MessageId = message.Properties?.MessageId,
        CorrelationId = message.Properties?.CorrelationId,
        Label = message.Properties?.Subject,
        To = message.Properties?.To,
        ReplyTo = message.Properties?.ReplyTo,
        ReplyToSessionId = message.Properties?.ReplyToGroupId,
        SessionId = message.Properties?.GroupId,
        ContentType = message.Properties?.ContentType,
        TimeToLive = message.Header is { Ttl: > 0 and var milliseconds } ? TimeSpan.FromMilliseconds(milliseconds) : null,
        ScheduledEnqueueTime = message.MessageAnnotations?.Map.TryGetValue(ScheduledTime, out var time) == true ? (DateTime)time : null,
        Properties = message.ApplicationProperties?.Map.ToDictionary(
            pair => (string)pair.Key,
            pair => pair.Value switch
            {
                string or bool or long or double => pair.Value,
                int number => (long)number,
                var other => throw new ArgumentException($"{pair.Key} is of type {other.GetType().Name}."),
            },
            StringComparer.OrdinalIgnoreCase) ?? [],
    };
}

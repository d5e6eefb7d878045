using AppAttach.Embedded.Bus;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace AppAttach.ServiceBus.Tests.Protocol;

/// <summary>
/// Messages between AMQP and the bus (learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide, "Messages"). What the bus cannot
/// keep is refused.
/// </summary>
internal static class AmqpMessages
{
    /// <summary>Format of a transfer whose data sections are a message each.</summary>
    private const uint BatchFormat = 0x80013700;

    private static readonly AmqpSymbol ScheduledTime = "x-opt-scheduled-enqueue-time";

    /// <summary>Reads a transfer.</summary>
    /// <param name="message">What came.</param>
    /// <returns>Its messages, one or more.</returns>
    /// <exception cref="ArgumentException">The bus cannot keep one of them as it is.</exception>
    public static IReadOnlyList<BusMessage> Read(AmqpMessage message) => message.MessageFormat != BatchFormat
        ? [ReadOne(message)]
        : [.. DataOf(message).Select(data => ReadOne(AmqpMessage.CreateAmqpStreamMessage(new BufferListStream([data]))))];

    /// <summary>Writes a message.</summary>
    /// <param name="delivery">The message, locked or peeked at.</param>
    /// <returns>It.</returns>
    public static AmqpMessage Write(BusDelivery delivery)
    {
        var from = delivery.Message;
        var message = AmqpMessage.Create(new Data { Value = new ArraySegment<byte>(from.Body) });
        message.Header.Durable = true;
        message.Header.DeliveryCount = (uint)Math.Max(0, delivery.DeliveryCount - 1);
        message.Header.Ttl = from.TimeToLive is { } life ? (uint)Math.Min(life.TotalMilliseconds, uint.MaxValue) : null;
        message.Properties.MessageId = from.MessageId;
        message.Properties.CorrelationId = from.CorrelationId is { } correlationId ? correlationId : null;
        message.Properties.Subject = from.Label;
        message.Properties.To = from.To is { } to ? to : null;
        message.Properties.ReplyTo = from.ReplyTo is { } replyTo ? replyTo : null;
        message.Properties.ReplyToGroupId = from.ReplyToSessionId;
        message.Properties.GroupId = from.SessionId;
        message.Properties.ContentType = from.ContentType;
        message.MessageAnnotations.Map["x-opt-sequence-number"] = delivery.SequenceNumber;
        message.MessageAnnotations.Map["x-opt-enqueue-sequence-number"] = delivery.EnqueuedSequenceNumber;
        message.MessageAnnotations.Map["x-opt-enqueued-time"] = delivery.EnqueuedTime.UtcDateTime;
        if (delivery.LockedUntil is { } until)
        {
            message.MessageAnnotations.Map["x-opt-locked-until"] = until.UtcDateTime;
        }

        foreach (var (name, value) in from.Properties)
        {
            message.ApplicationProperties.Map[name] = value;
        }

        return message;
    }

    private static BusMessage ReadOne(AmqpMessage message) => new()
    {
        Body = DataOf(message) is [var body] ? [.. body] : throw new ArgumentException("The body is not one section of data."),
        MessageId = message.Properties?.MessageId?.ToString(),
        CorrelationId = message.Properties?.CorrelationId?.ToString(),
        Label = message.Properties?.Subject,
        To = message.Properties?.To?.ToString(),
        ReplyTo = message.Properties?.ReplyTo?.ToString(),
        ReplyToSessionId = message.Properties?.ReplyToGroupId,
        SessionId = message.Properties?.GroupId,
        ContentType = message.Properties?.ContentType.Value,
        TimeToLive = message.Header?.Ttl is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        ScheduledEnqueueTime = message.MessageAnnotations?.Map.TryGetValue<DateTime>(ScheduledTime, out var time) == true ? time : null,
        Properties = message.ApplicationProperties?.Map.ToDictionary(
            pair => (string)pair.Key.Key,
            pair => pair.Value switch
            {
                string or bool or long or double => pair.Value,
                int number => (long)number,
                var other => throw new ArgumentException($"{pair.Key} is of type {other.GetType().Name}."),
            },
            StringComparer.OrdinalIgnoreCase) ?? [],
    };

    private static IReadOnlyList<ArraySegment<byte>> DataOf(AmqpMessage message) => message.BodyType == SectionFlag.Data
        ? [.. message.DataBody.Select(data => (ArraySegment<byte>)data.Value)]
        : throw new ArgumentException("The body is not of data.");
}

using System.Globalization;
using System.Text.Json;

namespace AppAttach.Embedded.Bus.Rest;

/// <summary>The header <c>BrokerProperties</c>: one JSON object on one line. Unknown members are ignored, known ones have to fit.</summary>
internal static class BrokerPropertiesHeader
{
    /// <summary>Name of the header.</summary>
    public const string Name = "BrokerProperties";

    // What Azure Service Bus gives for "no end": TimeSpan.MaxValue.
    private static readonly double EndlessSeconds = TimeSpan.MaxValue.TotalSeconds;

    /// <summary>Puts the members onto a message.</summary>
    /// <param name="json">The header's value; null or empty: none.</param>
    /// <param name="message">The message so far.</param>
    /// <returns>The message with them.</returns>
    /// <exception cref="BusException">It is not a JSON object, or a member does not fit.</exception>
    public static BusMessage Apply(string? json, BusMessage message)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return message;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return Apply(document.RootElement, message);
        }
        catch (JsonException e)
        {
            throw new BusException(BusError.BadRequest, $"{Name} is not JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // A JSON string with half a surrogate pair parses, and fails when it is read.
            throw new BusException(BusError.BadRequest, $"{Name} has a string that is not Unicode text.");
        }
    }

    /// <summary>Puts the members onto a message.</summary>
    /// <param name="properties">The object.</param>
    /// <param name="message">The message so far.</param>
    /// <returns>The message with them.</returns>
    /// <exception cref="BusException">It is not an object, or a member does not fit.</exception>
    public static BusMessage Apply(JsonElement properties, BusMessage message)
    {
        if (properties.ValueKind != JsonValueKind.Object)
        {
            throw new BusException(BusError.BadRequest, $"{Name} is a JSON {properties.ValueKind}; an object is needed.");
        }

        foreach (var member in properties.EnumerateObject())
        {
            message = Apply(member, message);
        }

        return message;
    }

    /// <summary>The header of a received message.</summary>
    /// <param name="delivery">The message.</param>
    /// <returns>The header's value, ASCII.</returns>
    public static string Write(BusDelivery delivery)
    {
        var message = delivery.Message;
        var members = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["DeliveryCount"] = delivery.DeliveryCount,
            ["EnqueuedSequenceNumber"] = delivery.EnqueuedSequenceNumber,
            ["EnqueuedTimeUtc"] = Date(delivery.EnqueuedTime),
            ["SequenceNumber"] = delivery.SequenceNumber,
            ["State"] = "Active",
            ["TimeToLive"] = message.TimeToLive?.TotalSeconds ?? EndlessSeconds,
        };
        Add("LockToken", delivery.LockToken?.ToString("D"));
        Add("LockedUntilUtc", delivery.LockedUntil is { } until ? Date(until) : null);
        Add(nameof(message.MessageId), message.MessageId);
        Add(nameof(message.CorrelationId), message.CorrelationId);
        Add(nameof(message.Label), message.Label);
        Add(nameof(message.To), message.To);
        Add(nameof(message.ReplyTo), message.ReplyTo);
        Add(nameof(message.ReplyToSessionId), message.ReplyToSessionId);
        Add(nameof(message.SessionId), message.SessionId);
        Add(nameof(message.PartitionKey), message.PartitionKey);
        return JsonSerializer.Serialize(members);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                members[name] = value;
            }
        }
    }

    private static BusMessage Apply(JsonProperty member, BusMessage message) => member.Value.ValueKind == JsonValueKind.Null ? message : member.Name switch
    {
        "CorrelationId" => message with { CorrelationId = Text(member) },
        "Label" => message with { Label = Text(member) },
        "MessageId" => message with { MessageId = Text(member) },
        "PartitionKey" => message with { PartitionKey = Text(member) },
        "ReplyTo" => message with { ReplyTo = Text(member) },
        "ReplyToSessionId" => message with { ReplyToSessionId = Text(member) },
        "SessionId" => message with { SessionId = Text(member) },
        "To" => message with { To = Text(member) },
        "TimeToLive" => message with { TimeToLive = Seconds(member) },
        "ScheduledEnqueueTimeUtc" => message with { ScheduledEnqueueTime = Time(member) },
        _ => message,
    };

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    private static string? Text(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String
        ? member.Value.GetString()
        : throw new BusException(BusError.BadRequest, $"{member.Name} in {Name} is a JSON {member.Value.ValueKind}; a string is needed.");

    private static TimeSpan? Seconds(JsonProperty member)
    {
        if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetDouble(out var seconds) || !(seconds > 0))
        {
            throw new BusException(BusError.BadRequest, $"{member.Name} in {Name} has to be a number of seconds above zero.");
        }

        // Less than one tick would be zero, and more than a TimeSpan holds has no end.
        return seconds >= EndlessSeconds ? null : TimeSpan.FromTicks(Math.Max(1, (long)(seconds * TimeSpan.TicksPerSecond)));
    }

    private static DateTimeOffset Time(JsonProperty member) => DateTimeOffset.TryParseExact(
        Text(member), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? time
        : throw new BusException(
            BusError.BadRequest, $"{member.Name} in {Name} has to be a date as of RFC 1123, such as \"Wed, 02 Jul 2025 01:32:27 GMT\".");
}

using System.Text.Json;

namespace AppAttach.Embedded.Bus.Store;

/// <summary>What a message carries beside its id and body, as the column <c>header</c> keeps it (JSON).</summary>
internal sealed record StoredHeader
{
    /// <summary>Media type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>See <see cref="BusMessage.CorrelationId"/>.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>See <see cref="BusMessage.Label"/>.</summary>
    public string? Label { get; init; }

    /// <summary>See <see cref="BusMessage.To"/>.</summary>
    public string? To { get; init; }

    /// <summary>See <see cref="BusMessage.ReplyTo"/>.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>See <see cref="BusMessage.ReplyToSessionId"/>.</summary>
    public string? ReplyToSessionId { get; init; }

    /// <summary>See <see cref="BusMessage.SessionId"/>.</summary>
    public string? SessionId { get; init; }

    /// <summary>See <see cref="BusMessage.PartitionKey"/>.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>See <see cref="BusMessage.TimeToLive"/>, in ticks.</summary>
    public long? TimeToLiveTicks { get; init; }

    /// <summary>See <see cref="BusMessage.Properties"/>.</summary>
    public Dictionary<string, JsonElement> Properties { get; init; } = [];

    /// <summary>The header of a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>Its JSON.</returns>
    public static string Write(BusMessage message) => JsonSerializer.Serialize(new StoredHeader
    {
        ContentType = message.ContentType,
        CorrelationId = message.CorrelationId,
        Label = message.Label,
        To = message.To,
        ReplyTo = message.ReplyTo,
        ReplyToSessionId = message.ReplyToSessionId,
        SessionId = message.SessionId,
        PartitionKey = message.PartitionKey,
        TimeToLiveTicks = message.TimeToLive?.Ticks,
        Properties = message.Properties.ToDictionary(p => p.Key, p => BusProperties.ToJson(p.Value), StringComparer.OrdinalIgnoreCase),
    });

    /// <summary>Puts a message together again.</summary>
    /// <param name="json">Its header.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="body">Its payload.</param>
    /// <returns>The message.</returns>
    public static BusMessage Read(string json, string messageId, byte[] body)
    {
        var header = JsonSerializer.Deserialize<StoredHeader>(json)
            ?? throw new InvalidDataException($"The header of message {messageId} is JSON null; bus.db is damaged.");
        return new BusMessage
        {
            Body = body,
            ContentType = header.ContentType,
            MessageId = messageId,
            CorrelationId = header.CorrelationId,
            Label = header.Label,
            To = header.To,
            ReplyTo = header.ReplyTo,
            ReplyToSessionId = header.ReplyToSessionId,
            SessionId = header.SessionId,
            PartitionKey = header.PartitionKey,
            TimeToLive = header.TimeToLiveTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null,
            Properties = header.Properties.ToDictionary(p => p.Key, p => BusProperties.FromJson(p.Value)!, StringComparer.OrdinalIgnoreCase),
        };
    }
}

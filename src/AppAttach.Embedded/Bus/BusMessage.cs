namespace AppAttach.Embedded.Bus;

/// <summary>What a sender gives to the bus.</summary>
internal sealed record BusMessage
{
    /// <summary>The longest message id and session id, in characters.</summary>
    public const int LongestId = 128;

    /// <summary>The largest message, body and properties together, in bytes: 256 KiB as in the Standard tier.</summary>
    public const int LargestBytes = 256 * 1024;

    /// <summary>The payload.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Media type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>The sender's id; the bus makes one if it is null.</summary>
    public string? MessageId { get; init; }

    /// <summary>Id of what this answers.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What it is about.</summary>
    public string? Label { get; init; }

    /// <summary>Whom it is for.</summary>
    public string? To { get; init; }

    /// <summary>Where to answer.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Session to answer in; kept and handed on.</summary>
    public string? ReplyToSessionId { get; init; }

    /// <summary>Session; kept and handed on, but no receiver can ask for one.</summary>
    public string? SessionId { get; init; }

    /// <summary>Partition; kept and handed on, without effect.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>How long it lives once enqueued, more than zero; null: as long as the entity says.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>When it is to appear; null or past: at once.</summary>
    public DateTimeOffset? ScheduledEnqueueTime { get; init; }

    /// <summary>Custom properties: string, bool, long or double; case of names does not matter.</summary>
    public IReadOnlyDictionary<string, object> Properties { get; init; } = NoProperties;

    private static IReadOnlyDictionary<string, object> NoProperties { get; } = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
}

using System.Text.Json.Serialization;

namespace AppAttach.Contracts;

/// <summary>The envelope of every message: CloudEvents 1.0, JSON format (specification sections 3 and, for JSON, 2 and 3).</summary>
/// <typeparam name="TData">Type of the content.</typeparam>
public sealed record CloudEvent<TData>
{
    /// <summary>Always <c>1.0</c>.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Identifies the event within its source; a repetition has the same id.</summary>
    public required string Id { get; init; }

    /// <summary>Who says it: <c>/appattach/pipeline</c> or <c>/appattach/hosts/NAME</c>.</summary>
    public required string Source { get; init; }

    /// <summary>One of <see cref="MessageTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>What it is about, such as a package full name.</summary>
    public string? Subject { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Always <c>application/json</c>.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>W3C trace context of the work that said it (CloudEvents distributed tracing extension).</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>The content.</summary>
    public required TData Data { get; init; }
}

using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Functions.Triggers;

/// <summary>
/// Reads Event Grid's <c>Microsoft.Storage.BlobCreated</c> in the CloudEvents 1.0 schema
/// (learn.microsoft.com/azure/event-grid/event-schema-blob-storage).
/// </summary>
internal static class BlobCreatedEvent
{
    /// <summary>The event's type.</summary>
    public const string EventType = "Microsoft.Storage.BlobCreated";

    private const string SubjectPrefix = "/blobServices/default/containers/";
    private const string SubjectBlobs = "/blobs/";

    /// <summary>
    /// Operations after which a blob is complete. In an account with a hierarchical namespace an event also comes when an empty file
    /// is made (<c>CreateFile</c>) and before its content is flushed.
    /// </summary>
    private static readonly string[] Completing = ["PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose"];

    /// <summary>Reads an event.</summary>
    /// <param name="body">The message's body: one event.</param>
    /// <param name="container">The container that packages are dropped into.</param>
    /// <returns>The drop, or null if the blob is not complete yet: a later event says so.</returns>
    /// <exception cref="MessageInvalidException">It is no such event, or one of another container.</exception>
    public static PackageDrop? Read(ReadOnlyMemory<byte> body, string container)
    {
        var type = Message.ReadType(body.Span);
        if (type != EventType)
        {
            throw new MessageInvalidException($"The message is of type {type}; {EventType} was expected.");
        }

        try
        {
            using var message = JsonDocument.Parse(body);
            var subject = TextOf(message.RootElement, "subject");
            var data = message.RootElement.GetProperty("data");
            var drop = new PackageDrop(
                container, NameOf(subject, container), TextOf(data, "eTag"), data.GetProperty("contentLength").GetInt64());
            return Completing.Contains(TextOf(data, "api"), StringComparer.Ordinal) ? drop : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new MessageInvalidException($"The event lacks subject, api, eTag or contentLength, or has them wrong: {e.Message}", e);
        }
    }

    private static string NameOf(string subject, string container)
    {
        var prefix = SubjectPrefix + container + SubjectBlobs;
        return subject.Length > prefix.Length && subject.StartsWith(prefix, StringComparison.Ordinal)
            ? subject[prefix.Length..]
            : throw new MessageInvalidException($"The event is about '{subject}'; a blob of the container {container} was expected.");
    }

    private static string TextOf(JsonElement element, string name) =>
        element.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException($"{name} is empty.");
}

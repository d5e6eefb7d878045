using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Listener.Bus;

namespace AppAttach.Listener.Commands;

/// <summary>Answers a message that is no command we know: its sender hears of it as far as it says who it is.</summary>
internal static class UnreadableCommand
{
    // As for commands that can be read: whoever hears of it must be able to keep it.
    private const int CommandIdLimit = 128;

    /// <summary>The outcome to report. Its kind is that of a report where the message names none: an outcome must have one.</summary>
    public static CommandOutcome Refuse(LockedMessage message, MessageInvalidException reason, string host, DateTimeOffset now)
    {
        var (id, kind, rolloutId) = Glean(message.Body);
        return new CommandOutcome
        {
            CommandId = id is { Length: > 0 and <= CommandIdLimit } ? id : message.MessageId,
            Host = host,
            Kind = kind,
            Result = OutcomeResult.Refused,
            Code = ErrorCodes.CommandRefused,
            Message = reason.Message,
            CompletedAt = now,
            RolloutId = rolloutId,
        };
    }

    private static (string? Id, CommandKind Kind, string? RolloutId) Glean(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var data = Member(root, "data");
            var kind = Enum.TryParse<CommandKind>(Text(data, "kind"), ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : CommandKind.Report;
            return (Text(data, "commandId") ?? Text(root, "id"), kind, Text(data, "rolloutId"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text in it that is not UTF-8.
            return (null, CommandKind.Report, null);
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;
}

using System.Text.Json;
using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Pipeline.Tests.Histories;

/// <summary>A history as a file that people can read: one entry a line, with what it carries as JSON, to the character as the engine has it.</summary>
internal static class HistoryFile
{
    private const string Payload = "payload";

    /// <summary>The folder of the kept histories.</summary>
    public static string Folder { get; } = Repository.PathOf("tests", "AppAttach.Pipeline.Tests", "Histories");

    public static string Write(string orchestrator, string instanceId, IEnumerable<HistoryEvent> history)
    {
        var lines = history.Select(entry =>
        {
            var line = JsonSerializer.Serialize(entry with { Payload = null }, OrchestrationJson.Options);
            return "    " + (entry.Payload is { } payload ? $"{line[..^1]},\"{Payload}\":{payload}}}" : line);
        });
        return $"{{\n  \"orchestrator\": \"{orchestrator}\",\n  \"instanceId\": \"{instanceId}\",\n  \"history\": [\n{string.Join(",\n", lines)}\n  ]\n}}\n";
    }

    public static (string Orchestrator, string InstanceId, List<HistoryEvent> History) Read(string json)
    {
        using var file = JsonDocument.Parse(json);
        var history = file.RootElement.GetProperty("history").EnumerateArray().Select(line =>
        {
            var members = line.EnumerateObject().Where(member => member.Name != Payload).ToDictionary(member => member.Name, member => member.Value);
            var entry = JsonSerializer.SerializeToElement(members, OrchestrationJson.Options).Deserialize<HistoryEvent>(OrchestrationJson.Options)!;
            return line.TryGetProperty(Payload, out var payload) ? entry with { Payload = payload.GetRawText() } : entry;
        });
        return (
            file.RootElement.GetProperty("orchestrator").GetString()!,
            file.RootElement.GetProperty("instanceId").GetString()!,
            [.. history]);
    }
}

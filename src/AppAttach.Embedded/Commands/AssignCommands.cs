using System.CommandLine;
using System.Text.Json.Nodes;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach assign</c> and <c>unassign</c>: who gets a family.</summary>
internal static class AssignCommands
{
    /// <summary><c>assign FAMILY POOL</c>.</summary>
    public static Command CreateAssign()
    {
        var family = RequestCommands.Family();
        var pool = RequestCommands.Pool();
        var users = new Option<string[]>("--user") { Description = "Security identifiers or names of users or groups; everyone if there is none." };
        var mode = new Option<string>("--mode") { Description = "When users get it.", DefaultValueFactory = _ => "logon" };
        mode.AcceptOnlyFromAmong("logon", "on-demand", "now");
        var manual = new Option<bool>("--no-auto-update") { Description = "Newer releases wait for a rollout that is asked for." };
        var terms = new Option<FileInfo>("--terms") { Description = "A JSON file with rings, gate and windows, as in the request's message." }.AcceptExistingOnly();
        var server = ApiClient.Server();
        var json = SharedOptions.Json();
        var command = new Command("assign", "Gives a package family to a pool, or changes how.") { family, pool, users, mode, manual, terms, server, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            var content = parsed.GetValue(terms) is { } file ? await ReadAsync(file, cancellationToken) : [];
            content["family"] = parsed.GetRequiredValue(family);
            content["pool"] = parsed.GetRequiredValue(pool);
            content["users"] = new JsonArray([.. (parsed.GetValue(users) ?? []).Select(user => JsonValue.Create(user))]);
            content["mode"] = parsed.GetRequiredValue(mode);
            content["autoUpdate"] = !parsed.GetValue(manual);
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            return await client.AskAsync(RequestVerb.Assign, content, parsed.GetValue(json), cancellationToken);
        }));
        return command;
    }

    /// <summary><c>unassign FAMILY POOL</c>.</summary>
    public static Command CreateUnassign() => RequestCommands.OfFamilyAndPool(
        "unassign", "Takes a package family from a pool; its hosts give it up.", RequestVerb.Unassign);

    private static async Task<JsonObject> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllTextAsync(file.FullName, cancellationToken)) as JsonObject
                ?? throw new SettingsException($"{file.FullName} holds no JSON object.");
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new SettingsException($"{file.FullName} cannot be read: {e.Message}", e);
        }
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;
using AppAttach.Api.Ports;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Status;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary>Commands that look at a running host's fleet: <c>hosts</c>, <c>why</c> and <c>dead-letters</c>.</summary>
internal static class FleetCommands
{
    /// <summary><c>hosts</c>.</summary>
    public static Command CreateHosts()
    {
        var (server, json) = (ApiClient.Server(), SharedOptions.Json());
        var command = new Command("hosts", "Lists the hosts, what they have and what they should mend.") { server, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            var hosts = await client.ListAsync<HostRecord>("/hosts", cancellationToken);
            Show(hosts, parsed.GetValue(json), ["Host", "Pool", "Last seen (UTC)", "Packages", "Note"], host =>
            [
                host.Hello.Host,
                host.Hello.Pool,
                $"{host.LastSeenAt:u}",
                string.Join(", ", host.Hello.Inventory.Select(item => item.PackageFullName)),
                host.Note ?? string.Join("; ", host.Commands.Where(sent => sent.Code is not null).Select(sent => $"{sent.Kind} {sent.PackageFullName}: {sent.Code}")),
            ]);
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary><c>why PACKAGE HOST</c>.</summary>
    public static Command CreateWhy()
    {
        var package = new Argument<string>("PACKAGE") { Description = "Package full name." };
        var host = new Argument<string>("HOST") { Description = "Name of the host." };
        var (server, json) = (ApiClient.Server(), SharedOptions.Json());
        var command = new Command("why", "Says why a package is not on a host: the chain from drop to host, and what stands in the way.") { package, host, server, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            var path = $"/hosts/{Uri.EscapeDataString(parsed.GetRequiredValue(host))}/packages/{Uri.EscapeDataString(parsed.GetRequiredValue(package))}/why";
            var why = await client.GetAsync<WhyAnswer>(path, cancellationToken);
            if (parsed.GetValue(json))
            {
                ApiJsonOutput.Write(why);
                return ExitCode.Done;
            }

            Show(why.Steps, json: false, ["", "Step", "How it stands", "Since (UTC)"], step =>
                [step.IsDone ? "yes" : "NO", step.Step, step.Detail, step.At is { } at ? $"{at:u}" : ""]);
            AnsiConsole.WriteLine(why.Obstacle is { } obstacle ? $"In the way: {obstacle.Step}. {obstacle.Detail}" : $"{why.Package} is on {why.Host}.");
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary><c>dead-letters [--replay ENTITY NUMBER]</c>.</summary>
    public static Command CreateDeadLetters()
    {
        var entity = new Option<string>("--replay") { Description = "Puts dead letters of this queue or subscription back." };
        var numbers = new Option<long[]>("--number") { Description = "Which of them, by their numbers." };
        var (server, json) = (ApiClient.Server(), SharedOptions.Json());
        var command = new Command("dead-letters", "Lists messages that could not be handled, with the reason, or puts them back.") { entity, numbers, server, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            if (parsed.GetValue(entity) is { } owner)
            {
                var content = new JsonObject
                {
                    ["entity"] = owner, ["sequenceNumbers"] = new JsonArray([.. (parsed.GetValue(numbers) ?? []).Select(number => JsonValue.Create(number))]),
                };
                var replayed = await client.PostAsync<DeadLetterReplayed>("/dead-letters/replay", content, cancellationToken);
                Show([replayed], parsed.GetValue(json), ["Put back"], each => [$"{each.Count}"]);
                return ExitCode.Done;
            }

            var letters = await client.ListAsync<DeadLetter>("/dead-letters", cancellationToken);
            Show(letters, parsed.GetValue(json), ["Entity", "Number", "Message", "Reason", "Description", "Sent (UTC)"], letter =>
                [letter.Entity, $"{letter.SequenceNumber}", letter.MessageId ?? "", letter.Reason ?? "", letter.Description ?? "", $"{letter.EnqueuedAt:u}"]);
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Show<TItem>(IReadOnlyList<TItem> items, bool json, string[] columns, Func<TItem, string[]> cells)
        where TItem : notnull
    {
        if (json)
        {
            ApiJsonOutput.Write(items);
            return;
        }

        var table = new Table().RoundedBorder().AddColumns(columns);
        foreach (var item in items)
        {
            table.AddRow(cells(item).Select(cell => new Text(cell)));
        }

        AnsiConsole.Write(table);
    }
}

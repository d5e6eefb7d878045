using System.CommandLine;
using System.Text.Json.Nodes;
using AppAttach.Api.Answers;
using AppAttach.Api.Ports;
using AppAttach.Api.Views;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Status;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary>Commands that look at a running host's fleet: <c>hosts</c>, <c>why</c> and <c>dead-letters</c>.</summary>
internal static class FleetCommands
{
    private const int MostSuggestions = 5;

    /// <summary><c>hosts</c>.</summary>
    public static Command CreateHosts()
    {
        var (server, json) = (ApiClient.Server(), SharedOptions.Json());
        (string Name, Option<string> Option)[] filters =
        [
            ("pool", new Option<string>("--pool") { Description = "Only hosts of this pool." }),
            ("condition", new Option<string>("--condition") { Description = "Only hosts that are like this." }
                .AcceptOnlyFromAmong([.. Enum.GetValues<HostCondition>().Select(KebabCaseName.Of)])),
            ("search", new Option<string>("--search") { Description = "Only hosts with this in their names." }),
        ];
        var command = new Command("hosts", "Lists the hosts, what they have and what they should mend.") { server, json };
        foreach (var (_, option) in filters)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            var hosts = await client.ListAsync<HostRecord>("/hosts", filters.Select(filter => (filter.Name, parsed.GetValue(filter.Option))), cancellationToken);
            Show(hosts, parsed.GetValue(json), ["Host", "Pool", "Last seen (UTC)", "Packages", "Note"], host =>
            [
                host.Hello.Host,
                string.Join(", ", host.Hello.Pools),
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
            await SuggestAsync(client, why, cancellationToken);
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary><c>dead-letters [--replay ENTITY NUMBER]</c>.</summary>
    public static Command CreateDeadLetters()
    {
        var entity = new Option<string>("--replay") { Description = "Puts the dead letters of this queue or subscription back." };
        var numbers = new Option<long[]>("--number") { Description = "Only these of them, by their numbers." };
        var (server, json) = (ApiClient.Server(), SharedOptions.Json());
        var command = new Command("dead-letters", "Lists messages that could not be handled, with the reason, or puts them back.") { entity, numbers, server, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            if (parsed.GetValue(entity) is { } owner)
            {
                var replayed = await ReplayAsync(client, owner, parsed.GetValue(numbers) ?? [], cancellationToken);
                Show([replayed], parsed.GetValue(json), ["Put back"], each => [$"{each.Count}"]);
                return ExitCode.Done;
            }

            var letters = await client.ListAsync<DeadLetter>("/dead-letters", [], cancellationToken);
            Show(letters, parsed.GetValue(json), ["Entity", "Number", "Message", "Reason", "Description", "Sent (UTC)"], letter =>
                [letter.Entity, $"{letter.SequenceNumber}", letter.MessageId ?? "", letter.Reason ?? "", letter.Description ?? "", $"{letter.EnqueuedAt:u}"]);
            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Names what the user may have meant, where a name is not known.</summary>
    private static async Task SuggestAsync(ApiClient client, WhyAnswer why, CancellationToken cancellationToken)
    {
        if (why.Steps.Any(step => step is { Step: WhyReader.DroppedStep, IsDone: false }))
        {
            var packages = await client.GetAsync<ApiPage<PackageRecord>>($"/packages?limit={MostSuggestions}&search={Uri.EscapeDataString(why.Package)}", cancellationToken);
            Suggest("Packages", packages.Items.Select(package => package.Package?.FullName), "appattach status");
        }

        if (why.Steps.Any(step => step is { Step: WhyReader.HostStep, IsDone: false }))
        {
            var hosts = await client.GetAsync<ApiPage<HostRecord>>($"/hosts?limit={MostSuggestions}&search={Uri.EscapeDataString(why.Host)}", cancellationToken);
            Suggest("Hosts", hosts.Items.Select(host => host.Hello.Host), "appattach hosts");
        }
    }

    private static void Suggest(string what, IEnumerable<string?> names, string listing)
    {
        var likely = names.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        AnsiConsole.WriteLine(likely.Count > 0 ? $"{what} with that in their names: {string.Join(", ", likely)}." : $"{what} that there are: {listing}");
    }

    private static async Task<DeadLetterReplayed> ReplayAsync(ApiClient client, string entity, long[] numbers, CancellationToken cancellationToken)
    {
        var wanted = numbers.Length > 0
            ? numbers
            : [.. (await client.ListAsync<DeadLetter>("/dead-letters", [("entity", entity)], cancellationToken)).Select(letter => letter.SequenceNumber)];
        var replayed = wanted.Length == 0 ? new DeadLetterReplayed(0) : await client.PostAsync<DeadLetterReplayed>(
            "/dead-letters/replay", new JsonObject { ["entity"] = entity, ["sequenceNumbers"] = new JsonArray([.. wanted.Select(number => JsonValue.Create(number))]) }, cancellationToken);
        return replayed.Count > 0
            ? replayed
            : throw new InvalidDataException($"{entity} has no such dead letters, so nothing was put back. See what there is: appattach dead-letters");
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

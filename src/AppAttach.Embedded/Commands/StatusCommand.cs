using System.CommandLine;
using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Status;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach status --server URL</c>: where everything stands.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var server = ApiClient.Server();
        var json = SharedOptions.Json();
        var command = new Command("status", "Shows packages, rollouts and hosts.") { server, json };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => ShowAsync(
            new Uri(parsed.GetRequiredValue(server)), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<ExitCode> ShowAsync(Uri server, bool json, CancellationToken cancellationToken)
    {
        var status = await ReadAsync(server, cancellationToken);
        if (json)
        {
            JsonOutput.Write(status);
        }
        else
        {
            Show(status);
        }

        return ExitCode.Done;
    }

    private static async Task<StatusSnapshot> ReadAsync(Uri server, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = server };
        try
        {
            var status = await client.GetFromJsonAsync<StatusSnapshot>(StatusEndpoints.StatusPath, OrchestrationJson.Options, cancellationToken);
            return status is { Packages: not null, Releases: not null, Rollouts: not null, Hosts: not null }
                ? status
                : throw new JsonException("A part of the status is missing.");
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"{server} gave an answer that is no status: is it an embedded host of this version?", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{server} gave no answer within {client.Timeout.TotalSeconds} s.", e);
        }
    }

    private static void Show(StatusSnapshot status)
    {
        var packages = NewTable("Package", "State", "Why");
        foreach (var package in status.Packages)
        {
            AddRow(packages, package.Package?.FullName ?? package.Drop, package.State.ToString(), Explain(package));
        }

        var rollouts = NewTable("Rollout", "Pool", "State", "Registered");
        foreach (var rollout in status.Rollouts)
        {
            var registered = rollout.Hosts.Count(host => host.Progress == HostProgress.Registered);
            AddRow(rollouts, rollout.Package.FullName, rollout.Pool, rollout.State.ToString(), $"{registered} of {rollout.Hosts.Count} hosts");
        }

        var hosts = NewTable("Host", "Pool", "Last seen (UTC)", "Packages", "Note");
        foreach (var host in status.Hosts)
        {
            AddRow(hosts, host.Hello.Host, host.Hello.Pool, $"{host.LastSeenAt:u}", string.Join(", ", host.Hello.Inventory.Select(item => item.PackageFullName)), host.Note ?? "");
        }

        AnsiConsole.Write(new Rows(packages, rollouts, hosts));
    }

    private static string Explain(PackageRecord package) => package.Code is not null
        ? $"{package.Code}: {package.Message}"
        : string.Join('\n', package.Notes.Where(note => note.IsWarning).Select(note => note.Message));

    private static Table NewTable(params string[] columns) => new Table().RoundedBorder().AddColumns(columns);

    private static void AddRow(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));
}

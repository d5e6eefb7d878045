using System.CommandLine;
using AppAttach.Api.Views;
using AppAttach.Contracts;
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
        var watch = new Option<bool>("--watch") { Description = "Keep the tables up to date until stopped." };
        var command = new Command("status", "Shows what needs a human, packages, rollouts and hosts.") { server, json, watch };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(watch))
            {
                result.AddError("--json writes one document; --watch never ends. Take one of them; programs can follow GET /api/v1/events.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(async () =>
        {
            using var client = new ApiClient(new Uri(parsed.GetRequiredValue(server)));
            if (parsed.GetValue(watch))
            {
                await WatchAsync(client, cancellationToken);
            }
            else if (parsed.GetValue(json))
            {
                ApiJsonOutput.Write(await ReadAsync(client, cancellationToken));
            }
            else
            {
                AnsiConsole.Write(StatusTables.Of(await client.GetAsync<FleetOverview>("/overview", cancellationToken), await ReadAsync(client, cancellationToken)));
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static Task<StatusSnapshot> ReadAsync(ApiClient client, CancellationToken cancellationToken) => client.GetAsync<StatusSnapshot>("/status", cancellationToken);

    /// <summary>Shows the tables again whenever the host says that something changed; ends when the user does.</summary>
    private static async Task WatchAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var first = await client.GetAsync<FleetOverview>("/overview", cancellationToken);
        await AnsiConsole.Live(StatusTables.OfOverview(first)).StartAsync(async live =>
        {
            try
            {
                await foreach (var _ in client.ChangesAsync(cancellationToken))
                {
                    live.UpdateTarget(StatusTables.OfOverview(await client.GetAsync<FleetOverview>("/overview", cancellationToken)));
                    live.Refresh();
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The user has seen enough.
            }
        });
    }
}

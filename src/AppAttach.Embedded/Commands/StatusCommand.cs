using System.CommandLine;
using System.Threading.Channels;
using AppAttach.Api.Answers;
using AppAttach.Api.Views;
using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach status --server URL</c>: where everything stands.</summary>
internal static class StatusCommand
{
    /// <summary>More hosts would push what matters off the screen.</summary>
    private const int MostHosts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
                ApiJsonOutput.Write(await client.GetAsync<FleetOverview>("/overview", cancellationToken));
            }
            else
            {
                AnsiConsole.Write(StatusTables.Of(
                    await client.GetAsync<FleetOverview>("/overview", cancellationToken),
                    await client.GetAsync<ApiPage<HostRecord>>($"/hosts?limit={MostHosts}", cancellationToken)));
            }

            return ExitCode.Done;
        }));
        return command;
    }

    /// <summary>Shows the tables again when the host says that something changed, once a second at most; ends when the user does, not when the connection breaks.</summary>
    private static async Task WatchAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var tables = StatusTables.OfOverview(await client.GetAsync<FleetOverview>("/overview", cancellationToken));
        await AnsiConsole.Live(tables).StartAsync(async live =>
        {
            var changes = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
            var following = FollowAsync(client, changes.Writer, cancellationToken);
            try
            {
                await foreach (var trouble in changes.Reader.ReadAllAsync(cancellationToken))
                {
                    if (trouble.Length == 0)
                    {
                        tables = StatusTables.OfOverview(await client.GetAsync<FleetOverview>("/overview", cancellationToken));
                    }

                    live.UpdateTarget(trouble.Length == 0 ? tables : new Rows(tables, new Text(trouble)));
                    live.Refresh();
                    await Task.Delay(Pause, cancellationToken);
                }

                await following;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // The user has seen enough.
            }
        });
    }

    /// <summary>Follows the host's changes, again whenever the connection ends: what it writes is empty for a change, otherwise why nothing is heard.</summary>
    private static async Task FollowAsync(ApiClient client, ChannelWriter<string> changes, CancellationToken cancellationToken)
    {
        Exception? end = null;
        try
        {
            while (true)
            {
                try
                {
                    await foreach (var _ in client.ChangesAsync(cancellationToken))
                    {
                        changes.TryWrite("");
                    }
                }
                catch (Exception e) when (e is IOException or HttpRequestException)
                {
                    changes.TryWrite($"The host does not answer since {DateTimeOffset.Now:T}: {e.Message} It is asked again.");
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
        catch (Exception e) when (e is ApiProblemException or OperationCanceledException)
        {
            end = e;
        }
        finally
        {
            changes.TryComplete(end);
        }
    }
}

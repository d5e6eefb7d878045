using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Embedded.Hosting;

namespace AppAttach.Embedded.Commands;

/// <summary><c>appattach run --data DIR</c>: the embedded host for real use.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The data folder; made if it is not there.", Required = true };
        var urls = new Option<string>("--urls") { Description = "Address to serve bus and API on.", DefaultValueFactory = _ => EmbeddedHost.DefaultUrl };
        var command = new Command("run", "Runs the embedded host: drop packages into DIR/inbox, images appear in DIR/shares/REGION.") { data, urls };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), cancellationToken)));
        return command;
    }

    private static async Task<ExitCode> RunAsync(DirectoryInfo data, string url, CancellationToken cancellationToken)
    {
        using var folder = new DataFolder(data.FullName);
        var settings = EmbeddedSettings.Load(folder.Path);
        await using var host = await EmbeddedHost.CreateAsync(folder, settings, url, EmbeddedHost.LogToConsole);
        await host.StartAsync(cancellationToken);
        foreach (var address in host.Urls)
        {
            host.Logger.Serving(folder.Path, address);
        }

        // The command line's own handling of Ctrl+C and SIGTERM cancels the token.
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await host.StopAsync(CancellationToken.None);
        return ExitCode.Done;
    }
}

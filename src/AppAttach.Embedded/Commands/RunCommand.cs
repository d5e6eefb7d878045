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
        urls.Validators.Add(result =>
        {
            if (!IsAddress(result.GetRequiredValue(urls)))
            {
                result.AddError($"'{result.GetRequiredValue(urls)}' is no address to serve on: http:// or https://, then localhost, an IP address, or * for all of them, and a port.");
            }
        });
        var command = new Command("run", "Runs the embedded host: drop packages into DIR/inbox, images appear in DIR/shares/REGION.") { data, urls };
        command.SetAction((parsed, cancellationToken) => Outcome.OfAsync(() => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetRequiredValue(urls), cancellationToken)));
        return command;
    }

    /// <summary>Whether the server takes it as it is meant: any host name that it does not know would be all addresses of the machine.</summary>
    private static bool IsAddress(string url)
    {
        var isAll = url.Contains("://*", StringComparison.Ordinal) || url.Contains("://+", StringComparison.Ordinal);
        return Uri.TryCreate(isAll ? url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal) : url, UriKind.Absolute, out var address)
            && address.Scheme is ("http" or "https")
            && address.PathAndQuery == "/"
            && (address.Host == "localhost" || address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6);
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

        // The command line's own handling of Ctrl+C and SIGTERM cancels the token. The host stops itself only when a part of it has failed.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Lifetime.ApplicationStopping);
        await Task.Delay(Timeout.Infinite, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failed = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(service => service.ExecuteTask?.IsFaulted == true);
        await host.StopAsync(CancellationToken.None);
        return failed is null
            ? ExitCode.Done
            : throw new IOException($"{failed.GetType().Name} failed and the host has stopped: {failed.ExecuteTask!.Exception!.InnerException!.Message}");
    }
}

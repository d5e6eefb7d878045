using AppAttach.Embedded.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace AppAttach.FleetSimulator.Running;

/// <summary>An embedded host in this process, on a port that was free.</summary>
internal sealed class ServerInProcess : IAsyncDisposable
{
    private readonly DataFolder _folder;

    private ServerInProcess(DataFolder folder, WebApplication application) => (_folder, Application) = (folder, application);

    /// <summary>The host.</summary>
    public WebApplication Application { get; }

    /// <summary>Where it serves.</summary>
    public Uri Address => new(Application.Urls.First() + "/");

    /// <summary>Starts it.</summary>
    /// <param name="path">Its data folder, with settings.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="url">Address to serve; port 0 takes a free one.</param>
    /// <param name="configureLogging">Decides where log lines go; null: nowhere.</param>
    public static async Task<ServerInProcess> StartAsync(
        string path, TimeProvider clock, string url = "http://127.0.0.1:0", Action<ILoggingBuilder>? configureLogging = null)
    {
        var folder = new DataFolder(path);
        var application = await EmbeddedHost.CreateAsync(
            folder, EmbeddedSettings.Load(path), url, configureLogging ?? (logging => logging.SetMinimumLevel(LogLevel.None)), clock);
        await application.StartAsync();
        return new ServerInProcess(folder, application);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Application.StopAsync();
        await Application.DisposeAsync();
        _folder.Dispose();
    }
}

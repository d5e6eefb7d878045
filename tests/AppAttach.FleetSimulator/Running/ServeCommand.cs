using AppAttach.FleetSimulator.Clocks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AppAttach.FleetSimulator.Running;

/// <summary><c>host FOLDER URL CLOCK</c>: an embedded host that runs until it is ended.</summary>
internal static class ServeCommand
{
    /// <summary>What it prints once it serves.</summary>
    public const string Serving = "serving";

    /// <summary>Serves.</summary>
    /// <param name="folder">Its data folder, with settings.</param>
    /// <param name="url">Where it serves.</param>
    /// <param name="clock">Text of its clock.</param>
    public static async Task<int> RunAsync(string folder, string url, string clock)
    {
        await using var server = await ServerInProcess.StartAsync(
            folder, FastClock.Parse(clock), url, logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace));
        await Console.Out.WriteLineAsync(Serving);
        await server.Application.WaitForShutdownAsync();
        return 0;
    }
}

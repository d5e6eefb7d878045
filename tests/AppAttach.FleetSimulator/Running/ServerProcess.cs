using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AppAttach.FleetSimulator.Running;

/// <summary>An embedded host in a process of its own, which can be killed and started again at the same address.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private Process? _process;

    /// <summary>A host that does not run yet.</summary>
    /// <param name="folder">Its data folder, with settings.</param>
    /// <param name="clock">Its clock; its text must be what <see cref="ServeCommand"/> is told.</param>
    public ServerProcess(string folder, TimeProvider clock) => (_folder, _clock, Address) = (folder, clock, FreeAddress());

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>Processor time that it took so far.</summary>
    public TimeSpan ProcessorTime => Refreshed().TotalProcessorTime;

    /// <summary>The most memory that it held so far.</summary>
    public long PeakMemoryBytes => Refreshed().PeakWorkingSet64;

    /// <summary>Starts it, and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", typeof(ServerProcess).Assembly.Location, "host", _folder, Address.GetLeftPart(UriPartial.Authority), _clock.ToString()!])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == ServeCommand.Serving)
            {
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("The host ended before it served.");
    }

    /// <summary>Kills it (<c>SIGKILL</c>), wherever it is.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }
    }

    private Process Refreshed()
    {
        _process!.Refresh();
        return _process;
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }
}

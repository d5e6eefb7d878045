using System.Diagnostics;
using AppAttach.Embedded.Bus.Access;
using AppAttach.Embedded.Commands;
using AppAttach.Embedded.Hosting;
using AppAttach.Listener;

namespace AppAttach.Embedded.Demo;

/// <summary>One host of the demo: a listener in a process of its own, with a state folder and a log file of its own.</summary>
internal sealed class DemoListener : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Task _logging;

    private DemoListener(HostSettings host, ListenerOptions options, string logPath, Process process)
    {
        Host = host;
        Options = options;
        LogPath = logPath;
        _process = process;
        _logging = CopyAsync(process, logPath);
    }

    /// <summary>The host.</summary>
    public HostSettings Host { get; }

    /// <summary>Its listener's settings.</summary>
    public ListenerOptions Options { get; }

    /// <summary>Where its listener's log is.</summary>
    public string LogPath { get; }

    /// <summary>Whether its listener has ended by itself.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a listener.</summary>
    /// <param name="host">The host.</param>
    /// <param name="folder">The demo's data folder.</param>
    /// <param name="share">The share its region reads.</param>
    /// <param name="bus">Address of the bus.</param>
    /// <returns>The running listener.</returns>
    public static DemoListener Start(HostSettings host, DataFolder folder, string share, Uri bus)
    {
        var state = Path.Combine(folder.Path, "hosts", host.Name);
        Directory.CreateDirectory(state);
        var options = new ListenerOptions
        {
            Host = host.Name,
            Pool = host.Pool,
            Bus = bus,
            KeyName = BusAccess.HostKeyName(host.Name),
            KeyFile = folder.KeyPath(host.Name),
            StateFolder = state,
            ShareRoots = [share],
        };
        var start = Self();
        string[] arguments =
        [
            "listener", "run",
            "--host", options.Host, "--pool", options.Pool, "--bus", bus.AbsoluteUri, "--key-name", options.KeyName, "--key-file", options.KeyFile,
            "--state", options.StateFolder, "--share-root", share,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ListenerCommand.EndsWithInputVariable] = "1";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new IOException($"The listener of {host.Name} could not be started.");
        return new DemoListener(host, options, Path.Combine(state, "listener.log"), process);
    }

    /// <summary>The end of its log, for a listener that has ended by itself.</summary>
    /// <returns>The last lines.</returns>
    public async Task<string> ReadEndOfLogAsync()
    {
        await _logging;
        return string.Join(Environment.NewLine, (await File.ReadAllLinesAsync(LogPath)).TakeLast(5));
    }

    /// <summary>Ends the listener and unmounts what it had mounted.</summary>
    /// <returns>A task that completes when nothing of it is left but its files.</returns>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: false);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _logging;
        _process.Dispose();
        await ListenerHost.UnmountAllAsync(Options, CancellationToken.None);
    }

    /// <summary>This program again: the executable, or <c>dotnet</c> with the assembly where that is how it was started.</summary>
    private static ProcessStartInfo Self()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(DemoListener).Assembly.Location);
        }

        return start;
    }

    private static async Task CopyAsync(Process process, string logPath)
    {
        await using var file = new StreamWriter(logPath, append: true) { AutoFlush = true };
        var log = TextWriter.Synchronized(file);
        await Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log));
    }

    private static async Task CopyAsync(StreamReader source, TextWriter log)
    {
        while (await source.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
        }
    }
}

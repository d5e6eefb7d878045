using System.Diagnostics;

namespace AppAttach.Listener.Tests.Windows;

/// <summary>A Windows of Wine's in a folder of its own; everything that runs in it ends with it.</summary>
internal sealed class WinePrefix : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly string _wine;
    private readonly string _server;
    private Process? _session;

    private WinePrefix(string folder, string wine, string server) => (_folder, _wine, _server) = (folder, wine, server);

    /// <summary>Drive C.</summary>
    public string DriveC => Path.Combine(_folder, "drive_c");

    /// <summary>Makes one below a folder; without Wine the test is skipped, or fails in CI.</summary>
    public static async Task<WinePrefix> MakeAsync(string folder)
    {
        Judge.Require("wine64");
        var prefix = new WinePrefix(Path.Combine(folder, "prefix"), Judge.Find("wine64")!, Judge.Find("wineserver64") ?? Judge.Find("wineserver")!);
        Directory.CreateDirectory(prefix._folder);
        try
        {
            _ = await prefix.PassAsync("wineboot", "-i");

            // The first services end with the program that made them. Whoever came while they end would meet them half-way.
            await prefix.ServerAsync("-w");

            // Wine ends its services when nobody is there any more, and starts them at the next program, as a machine does: somebody stays.
            var session = prefix.Prepare(prefix._wine, "cmd");
            (session.RedirectStandardInput, session.RedirectStandardOutput) = (true, true);
            prefix._session = Process.Start(session);
            return prefix;
        }
        catch
        {
            await prefix.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program in it to its end.</summary>
    /// <returns>Exit code, and all that it said.</returns>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunToEndAsync(_wine, arguments);

    /// <summary>Runs a program that must end with 0.</summary>
    /// <returns>All that it said.</returns>
    public async Task<string> PassAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        Assert.True(exitCode == 0, $"{string.Join(' ', arguments)} ended with {exitCode}: {output}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        // Ends what runs in this prefix, and nothing else.
        await ServerAsync("-k");
        await ServerAsync("-w");
        _session?.Dispose();
    }

    private Task ServerAsync(string option) => RunToEndAsync(_server, option);

    private async Task<(int ExitCode, string Output)> RunToEndAsync(string program, params string[] arguments)
    {
        // Into a file: what a program of Wine's starts in the background would keep a pipe open after its end.
        var output = _folder + ".output";
        var start = Prepare("/bin/sh", ["-c", "exec \"$@\" >\"$OUTPUT\" 2>&1 </dev/null", "sh", program, .. arguments]);
        start.Environment["OUTPUT"] = output;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Limit}. It said: {await File.ReadAllTextAsync(output)}");
        }

        return (process.ExitCode, await File.ReadAllTextAsync(output));
    }

    private ProcessStartInfo Prepare(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["WINEPREFIX"] = _folder;
        start.Environment["WINEDEBUG"] = "-all";
        start.Environment["DISPLAY"] = "";

        // Wine's mono and gecko are not wanted, and asking for them would wait for a person. Menus would go into the home folder of who runs this.
        start.Environment["WINEDLLOVERRIDES"] = "mscoree,mshtml,winemenubuilder.exe=";
        return start;
    }
}

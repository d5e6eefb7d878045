using System.Diagnostics;
using System.Text;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>A process of the built <c>appattach</c>, as a shell would start it.</summary>
internal sealed class AppAttachProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _reading;

    private AppAttachProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _error));
    }

    /// <summary>Path of the executable, which lies beside this assembly.</summary>
    public static string Executable { get; } =
        Path.Combine(Path.GetDirectoryName(typeof(AppAttachProcess).Assembly.Location)!, OperatingSystem.IsWindows() ? "appattach.exe" : "appattach");

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>What it wrote to standard error so far.</summary>
    public string Error => Text(_error);

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    public static AppAttachProcess Start(params string[] arguments) => StartProgram(Executable, arguments);

    /// <summary>Starts it as a user without rights.</summary>
    public static AppAttachProcess StartAs(int user, params string[] arguments) =>
        StartProgram(Judge.Find("setpriv")!, [$"--reuid={user}", $"--regid={user}", "--clear-groups", Executable, .. arguments]);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.EndAsync(), process.Output, process.Error);
    }

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The process has not ended. It wrote:{Environment.NewLine}{Output}{Error}");
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <summary>Kills it as SIGKILL does: it learns nothing of it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, with SIGTERM.</summary>
    public Task TerminateAsync() => Judge.PassAsync("sh", "-c", $"kill -TERM {_process.Id}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static AppAttachProcess StartProgram(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new AppAttachProcess(Process.Start(start)!);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static async Task ReadAsync(StreamReader source, StringBuilder text)
    {
        while (await source.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }
}

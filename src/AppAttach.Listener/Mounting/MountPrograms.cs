using System.Diagnostics;
using AppAttach.Contracts;

namespace AppAttach.Listener.Mounting;

/// <summary>Finds and runs the programs that mount.</summary>
internal static class MountPrograms
{
    public const string DiskMounter = "vhdimount";
    public const string VolumeMounter = "ntfs-3g";
    public const string LoopSetup = "losetup";
    public const string Unmounter = "umount";
    public const string NodeMaker = "mknod";

    private const int MessageLimit = 400;

    // Services have a short search path; these folders hold what only root uses.
    private static readonly string[] ExtraFolders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    // The programs return when the mount stands. A share that does not answer is given up after this.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    /// <summary>Absolute path of a program, or null when it is not installed.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(ExtraFolders).Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end. Those that mount go into the background by themselves and outlive the listener.</summary>
    /// <returns>Its exit code, and the last of what it said.</returns>
    /// <exception cref="CommandFailedException">It is not installed or did not end in time.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var path = Find(program)
            ?? throw new CommandFailedException(ErrorCodes.MountFailed, $"{program} is not installed: install it, or let the listener use another mounter.");
        var start = new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Messages are compared nowhere, but people read them in the logs.
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var text = ((await output).Trim() + " " + (await error).Trim()).Trim();
            return (process.ExitCode, text.Length > MessageLimit ? text[^MessageLimit..] : text);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new CommandFailedException(ErrorCodes.MountFailed, $"{program} did not end within {TimeLimit.TotalSeconds} s: is the share reachable?", e);
        }
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="CommandFailedException">It is not installed, did not end in time, or failed.</exception>
    public static async Task<string> PassAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(program, arguments);
        return exitCode == 0
            ? output
            : throw new CommandFailedException(
                ErrorCodes.MountFailed, $"{program} {string.Join(' ', arguments)} ended with {exitCode}: {output.ReplaceLineEndings(" ")}");
    }
}

using System.Diagnostics;
using Xunit;

namespace AppAttach.TestKit;

/// <summary>
/// A program that others wrote and that judges what ours wrote. Where it is missing the test is skipped with the reason, and
/// in CI (environment variable <c>CI</c> set) it fails: a full run without its judges has proved nothing.
/// </summary>
public static class Judge
{
    // Debian puts Wine's programs where no path leads.
    private static readonly string[] ExtraFolders = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/lib/wine"];

    /// <summary>Whether missing judges fail a test.</summary>
    public static bool IsRequired => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    /// <summary>Ends the test as skipped, or failed in CI, unless every program named is installed.</summary>
    /// <param name="programs">Names of executables, such as <c>ntfsinfo</c>.</param>
    public static void Require(params string[] programs)
    {
        foreach (var program in programs)
        {
            if (Find(program) is null)
            {
                Missing($"{program} is not installed; ./tests/run installs it where it can.");
            }
        }
    }

    /// <summary>Skips the test, or fails it in CI, with the reason given.</summary>
    /// <param name="reason">What is missing and how to get it.</param>
    public static void Missing(string reason)
    {
        if (IsRequired)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    /// <summary>Absolute path of an executable, or null.</summary>
    public static string? Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(ExtraFolders);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a program to its end, or to the test's, and returns what it said; a missing program skips or fails the test as <see cref="Require"/>.</summary>
    /// <param name="program">Name or path of the executable.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <returns>Exit code, and standard output followed by standard error.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        if (!File.Exists(program))
        {
            Require(program);
        }

        var start = new ProcessStartInfo(File.Exists(program) ? program : Find(program)!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await error);
    }

    /// <summary>Runs a program and fails the test, showing what it said, unless it exits with 0.</summary>
    /// <returns>Standard output followed by standard error.</returns>
    public static async Task<string> PassAsync(string program, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:{Environment.NewLine}{output}");
        return output;
    }
}

using AppAttach.Contracts;
using AppAttach.Embedded.Tests.EndToEnd;

namespace AppAttach.Embedded.Tests.Commands;

/// <summary>What a failing command has to look like.</summary>
internal static class Refusal
{
    /// <summary>Runs a command that fails, and fails the test unless it says so in one line on standard error and nothing else.</summary>
    /// <returns>The line.</returns>
    public static async Task<string> OfAsync(ExitCode expected, params string[] arguments)
    {
        var (exitCode, output, error) = await AppAttachProcess.RunAsync(arguments);
        Assert.True((int)expected == exitCode, $"{string.Join(' ', arguments)} ended with {exitCode}:\n{output}{error}");
        if (expected != ExitCode.Usage)
        {
            Assert.Empty(output);
            Assert.Single(error.TrimEnd().Split('\n'));
        }

        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
        return error;
    }
}

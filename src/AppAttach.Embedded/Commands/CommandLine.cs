using System.CommandLine;
using AppAttach.Contracts;
using Spectre.Console;

namespace AppAttach.Embedded.Commands;

/// <summary>The command line of <c>appattach</c>.</summary>
internal static class CommandLine
{
    private const int UnlimitedWidth = 10_000;

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Console.IsOutputRedirected)
        {
            // A program or a file has no width to wrap at.
            AnsiConsole.Profile.Width = UnlimitedWidth;
        }

        var root = new RootCommand("Gets MSIX apps onto Windows session hosts: verify, convert to a disk image, replicate, roll out.")
        {
            DemoCommand.Create(),
            RunCommand.Create(),
            InspectCommand.Create(),
            ConvertCommand.Create(),
            PlanCommand.Create(),
            VerifyCommand.Create(),
            ListCommand.Create(),
            ExtractCommand.Create(),
            StatusCommand.Create(),
            AssignCommands.CreateAssign(),
            AssignCommands.CreateUnassign(),
            RequestCommands.CreatePublish(),
            RequestCommands.CreateRollout(),
            RequestCommands.CreatePause(),
            RequestCommands.CreateResume(),
            RequestCommands.CreateRollback(),
            RequestCommands.CreateRetire(),
            FleetCommands.CreateHosts(),
            FleetCommands.CreateWhy(),
            FleetCommands.CreateDeadLetters(),
            ListenerCommand.Create(),
            CompletionCommand.Create(),
        };
        var parsed = root.Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // A listener finishes the step in hand and hands its command back; that may take a while.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        });
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exitCode;
    }
}

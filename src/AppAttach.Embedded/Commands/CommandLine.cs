using System.CommandLine;
using System.Runtime.CompilerServices;
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

        var parsed = CreateRoot().Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,

            // A listener finishes the step in hand and hands its command back; that may take a while.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        });
        return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : exitCode;
    }

    private static RootCommand CreateRoot()
    {
        var root = new RootCommand("Gets MSIX apps onto Windows session hosts: verify, convert to a disk image, replicate, roll out.")
        {
            InspectCommand.Create(),
            ConvertCommand.Create(),
            PlanCommand.Create(),
            VerifyCommand.Create(),
            ListCommand.Create(),
            ExtractCommand.Create(),
            CompletionCommand.Create(),
        };

        // Compiled natively this is the tool for images alone: what follows finds out by reflection how its documents and orchestrators are written.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            root.Add(DemoCommand.Create());
            root.Add(RunCommand.Create());
            root.Add(StatusCommand.Create());
            root.Add(AssignCommands.CreateAssign());
            root.Add(AssignCommands.CreateUnassign());
            root.Add(RequestCommands.CreatePublish());
            root.Add(RequestCommands.CreateRollout());
            root.Add(RequestCommands.CreatePause());
            root.Add(RequestCommands.CreateResume());
            root.Add(RequestCommands.CreateRollback());
            root.Add(RequestCommands.CreateRetire());
            root.Add(FleetCommands.CreateHosts());
            root.Add(FleetCommands.CreateWhy());
            root.Add(FleetCommands.CreateDeadLetters());
            root.Add(ListenerCommand.Create());
        }

        return root;
    }
}

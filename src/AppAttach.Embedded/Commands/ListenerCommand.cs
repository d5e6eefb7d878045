using System.CommandLine;
using AppAttach.Embedded.Mounting;
using AppAttach.Listener;

namespace AppAttach.Embedded.Commands;

/// <summary>
/// <c>appattach listener</c>: the listener as <c>appattach-listener</c> runs it, but able to open images with our own reader where
/// nothing can mount them.
/// </summary>
internal static class ListenerCommand
{
    /// <summary>Set to anything, ends the process once its standard input is closed: the demo's listeners do not outlive it.</summary>
    public const string EndsWithInputVariable = "APPATTACH_ENDS_WITH_INPUT";

    public static Command Create()
    {
        var command = new Command("listener", "Runs a host's listener on this machine, for development and tests.");
        ListenerCommands.AddTo(command, () => new ManagedImageMounter());
        return command;
    }

    /// <summary>Starts watching standard input, if the environment asks for it.</summary>
    public static void EndWithInputIfAsked()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndsWithInputVariable)))
        {
            return;
        }

        var watch = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
                // Nothing is expected; only the end matters.
            }

            // As after a kill: the ledger brings the next start to the right place.
            Environment.Exit((int)Contracts.ExitCode.Failed);
        })
        {
            IsBackground = true,
            Name = "end with input",
        };
        watch.Start();
    }
}

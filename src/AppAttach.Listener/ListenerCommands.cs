using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Settings;

namespace AppAttach.Listener;

/// <summary>
/// The commands <c>run</c> and <c>check</c>. A program that takes them in must not end by itself on SIGTERM
/// (<c>InvocationConfiguration.ProcessTerminationTimeout = null</c>): the listener hears it and stops in good order.
/// </summary>
public static class ListenerCommands
{
    /// <summary>Adds <c>run</c> and <c>check</c> to a command.</summary>
    /// <param name="parent">Gets them as subcommands.</param>
    /// <param name="managedMounter">Makes the managed mounter, where the program has one.</param>
    public static void AddTo(Command parent, Func<IImageMounter>? managedMounter = null)
    {
        parent.Add(Make(
            "run",
            "Runs the listener until it is told to stop.",
            async (options, cancellationToken) =>
            {
                await ListenerHost.RunAsync(options, managedMounter, cancellationToken);
                return ExitCode.Done;
            }));
        parent.Add(Make(
            "check",
            "Says why the listener will not work here, if it will not.",
            async (options, cancellationToken) =>
            {
                var findings = await ListenerChecks.RunAsync(options, managedMounter is not null, cancellationToken);
                foreach (var finding in findings)
                {
                    await Console.Out.WriteLineAsync($"{(finding.IsGood ? "ok  " : "FAIL")} {finding.Subject}: {finding.Text}");
                }

                return findings.All(finding => finding.IsGood) ? ExitCode.Done : ExitCode.Failed;
            }));
    }

    private static Command Make(string name, string description, Func<ListenerOptions, CancellationToken, Task<ExitCode>> action)
    {
        var settings = new ListenerSettingsSymbols();
        var command = new Command(name, description);
        settings.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var (options, findings) = settings.Read(result);
            findings = findings.Count > 0 ? findings : options.Validate();
            foreach (var finding in findings)
            {
                await Console.Error.WriteLineAsync(finding);
            }

            if (findings.Count > 0)
            {
                return (int)ExitCode.Usage;
            }

            try
            {
                return (int)await action(options, cancellationToken);
            }
            catch (CommandFailedException e)
            {
                await Console.Error.WriteLineAsync($"{e.Code}: {e.Message}");
                return (int)ExitCode.Failed;
            }
        });
        return command;
    }
}

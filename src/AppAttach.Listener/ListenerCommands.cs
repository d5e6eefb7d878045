using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Settings;

namespace AppAttach.Listener;

/// <summary>
/// The commands <c>run</c>, <c>check</c>, <c>repair</c> and <c>get</c>, and those that only one system has. A program that takes them in must not end by itself on SIGTERM
/// (<c>InvocationConfiguration.ProcessTerminationTimeout = null</c>): the listener hears it and stops in good order.
/// </summary>
public static class ListenerCommands
{
    /// <summary>Adds them to a command.</summary>
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
            },
            Platform.RunAsService));
        parent.Add(Make(
            "check",
            "Says why the listener will not work here, if it will not.",
            async (options, cancellationToken) =>
            {
                var findings = await ListenerChecks.RunAsync(options, managedMounter, cancellationToken);
                foreach (var finding in findings)
                {
                    await Console.Out.WriteLineAsync($"{(finding.IsGood ? "ok  " : "FAIL")} {finding.Subject}: {finding.Text}");
                }

                return findings.All(finding => finding.IsGood) ? ExitCode.Done : ExitCode.Failed;
            }));
        parent.Add(Make(
            "repair",
            "Clears away what is left of mounts, links and registrations of the listener's, and makes again what the ledger wants.",
            async (options, cancellationToken) =>
            {
                var failures = await ListenerHost.RepairAsync(options, managedMounter, cancellationToken);
                await Console.Out.WriteLineAsync(failures == 0 ? "The machine matches the ledger." : $"{failures} packages are not where the ledger wants them.");
                return failures == 0 ? ExitCode.Done : ExitCode.Failed;
            }));
        parent.Add(GetCommand.Make());
        Platform.AddCommands(parent);
    }

    private static Command Make(
        string name,
        string description,
        Func<ListenerOptions, CancellationToken, Task<ExitCode>> action,
        Func<ListenerOptions, ExitCode>? serviceAction = null)
    {
        var settings = new ListenerSettingsSymbols();
        var isService = new Option<bool>("--service") { Description = "The system has started this as a service.", Hidden = true };
        var command = new Command(name, description);
        settings.AddTo(command);
        if (serviceAction is not null)
        {
            command.Add(isService);
        }

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
                return (int)(serviceAction is not null && result.GetValue(isService) ? serviceAction(options) : await action(options, cancellationToken));
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

using AppAttach.Contracts;
using AppAttach.Listener.Bus;
using AppAttach.Listener.Ledger;
using Microsoft.Extensions.Logging;

namespace AppAttach.Listener.Commands;

/// <summary>
/// Carries out one command and says what became of it. The ledger remembers both, so the same command again only reports.
/// What may work later is tried again for a while; then its failure is the outcome.
/// </summary>
internal sealed class CommandHandler(
    string host, HostMachine machine, PackageStaging staging, PackageRegistering registering, Func<Backoff> newBackoff, TimeSpan retryFor, ILogger logger)
{
    private const int CommandIdLimit = 128;
    private const int UserNameLimit = 256;
    private const int UsersLimit = 10_000;
    private const int Sha256HexLength = 64;

    /// <summary>Carries out what a message asks for; one that is no command is refused, and an error that nobody foresaw is an outcome too.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">The listener stops: gives up before the next effect, with nothing half done.</param>
    /// <returns>The outcome, and whether the machine may have changed.</returns>
    public async Task<(CommandOutcome Outcome, bool IsNew)> HandleAsync(LockedMessage message, CancellationToken cancellationToken)
    {
        HostCommand command;
        try
        {
            command = Message.ReadCommand(message.Body.Span);

            // The serializer leaves a member null that is missing, whatever its default is.
            command = command with { Users = command.Users ?? [] };
        }
        catch (MessageInvalidException e)
        {
            return (UnreadableCommand.Refuse(message, e, host, machine.Clock.GetUtcNow()), false);
        }

        try
        {
            return await HandleAsync(command, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return (await BreakAsync(command, e), true);
        }
    }

    /// <summary>Carries out a command, or finds in the ledger what became of it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">The listener stops: gives up before the next effect, with nothing half done.</param>
    /// <returns>The outcome, and whether the machine may have changed.</returns>
    public async Task<(CommandOutcome Outcome, bool IsNew)> HandleAsync(HostCommand command, CancellationToken cancellationToken)
    {
        Logs.CommandReceived(logger, command.CommandId, command.Kind, command.Package?.FullName);
        var begun = machine.Clock.GetTimestamp();
        if (FindRefusal(command) is { } refusal)
        {
            return (Say(command, begun, OutcomeResult.Refused, refusal), false);
        }

        using var lane = await machine.Families.EnterAsync(command.Package?.FamilyName ?? command.CommandId, cancellationToken);
        using (await machine.Gate.EnterAsync(cancellationToken))
        {
            if (machine.Ledger.FindCommand(command.CommandId)?.Outcome is { } known)
            {
                return (known, false);
            }

            if (machine.Clock.GetUtcNow() > command.Deadline)
            {
                return (Say(command, begun, OutcomeResult.Refused, Expired(command)), false);
            }

            machine.Ledger.Write(new CommandRecord(command.CommandId, machine.Clock.GetUtcNow(), Outcome: null));
        }

        var failure = await TryUntilDoneAsync(command, cancellationToken);
        var outcome = Say(command, begun, failure is null ? OutcomeResult.Succeeded : OutcomeResult.Failed, failure);
        await RecordAsync(outcome, cancellationToken);
        return (outcome, true);
    }

    // It is remembered like any other outcome.
    private async Task<CommandOutcome> BreakAsync(HostCommand command, Exception exception)
    {
        Logs.CommandBroke(logger, command.CommandId, exception);
        var failure = new CommandFailedException(
            ErrorCodes.Internal, $"Command {command.CommandId} met an error that nobody foresaw; the listener's log has it: {exception.Message}");
        var outcome = Say(command, machine.Clock.GetTimestamp(), OutcomeResult.Failed, failure);
        await RecordAsync(outcome, CancellationToken.None);
        return outcome;
    }

    private async Task RecordAsync(CommandOutcome outcome, CancellationToken cancellationToken)
    {
        using var stay = await machine.Gate.EnterAsync(cancellationToken);
        machine.Ledger.Write(new CommandRecord(outcome.CommandId, outcome.CompletedAt, outcome));
    }

    private async Task<CommandFailedException?> TryUntilDoneAsync(HostCommand command, CancellationToken cancellationToken)
    {
        var giveUpAt = machine.Clock.GetUtcNow() + retryFor;
        giveUpAt = giveUpAt < command.Deadline ? giveUpAt : command.Deadline;
        var backoff = newBackoff();
        while (true)
        {
            try
            {
                await TryAsync(command, cancellationToken);
                return null;
            }
            catch (CommandFailedException e)
            {
                var delay = backoff.Next(retryAfter: null);
                var mayPass = e.Code is ErrorCodes.ShareUnavailable or ErrorCodes.ImageMissing or ErrorCodes.MountFailed or ErrorCodes.RegistrationFailed;
                if (!mayPass || machine.Clock.GetUtcNow() + delay > giveUpAt)
                {
                    return e;
                }

                Logs.CommandRetried(logger, command.CommandId, (long)delay.TotalMilliseconds, e.Code, e.Message);
                await Task.Delay(delay, machine.Clock, cancellationToken);
            }
        }
    }

    private Task TryAsync(HostCommand command, CancellationToken cancellationToken)
    {
        var fullName = command.Package?.FullName ?? "";
        return command.Kind switch
        {
            CommandKind.Stage => staging.StageAsync(PackageFullName.TryParse(fullName)!, command.Image!, cancellationToken),
            CommandKind.Register => registering.RegisterAsync(fullName, command.Users, command.Mode ?? RegisterMode.Logon, cancellationToken),
            CommandKind.Destage => staging.DestageAsync(fullName, cancellationToken),
            CommandKind.Deregister => registering.DeregisterAsync(fullName, command.Users, cancellationToken),
            _ => Task.CompletedTask,
        };
    }

    private CommandFailedException? FindRefusal(HostCommand command)
    {
        if (!string.Equals(command.Host, host, StringComparison.OrdinalIgnoreCase))
        {
            return Refuse($"Command {command.CommandId} is for host {command.Host}; this is {host}. Check the subscription's filter.");
        }

        if (command.CommandId.Length is 0 or > CommandIdLimit)
        {
            return Refuse($"The command's id has {command.CommandId.Length} characters; 1 to {CommandIdLimit} are allowed.");
        }

        if (command.Kind == CommandKind.Report)
        {
            return null;
        }

        // What a record's constructor takes may be missing from the message, and is null then.
        if (command.Package is not { FullName: not null } package || PackageFullName.TryParse(package.FullName)?.ToReference() != package)
        {
            return Refuse($"Command {command.CommandId} names no package, or one whose full name \"{command.Package?.FullName}\" and other names do not fit together.");
        }

        if (command.Users.Count > UsersLimit || command.Users.Any(user => user is null || user.Length is 0 or > UserNameLimit || user.Any(char.IsControl)))
        {
            return Refuse($"Command {command.CommandId} names more than {UsersLimit} users, or one whose name is not 1 to {UserNameLimit} printable characters.");
        }

        return command.Kind == CommandKind.Stage ? FindImageRefusal(command) : null;
    }

    private static CommandFailedException? FindImageRefusal(HostCommand command)
    {
        if (command.Image is not { Path: not null, Digest: not null, Format: not null, RootFolder: not null } image)
        {
            return Refuse($"Command {command.CommandId} stages a package and names no image, or not all of path, digest, format and root folder.");
        }

        if (image.Digest.Length != Sha256HexLength || !image.Digest.All(char.IsAsciiHexDigitLower))
        {
            return Refuse($"The digest \"{image.Digest}\" is not SHA-256 in {Sha256HexLength} lower-case hexadecimal digits.");
        }

        return image.RootFolder.Split('/', '\\').Any(name => name is "" or "." or ".." || name.Contains(':') || name.Any(char.IsControl))
            ? Refuse($"The root folder \"{image.RootFolder}\" is not a plain relative path inside the image.")
            : null;
    }

    private static CommandFailedException Refuse(string message) => new(ErrorCodes.CommandRefused, message);

    private CommandFailedException Expired(HostCommand command) => new(
        ErrorCodes.CommandExpired,
        $"Command {command.CommandId} was to be done by {command.Deadline:u}; it is {machine.Clock.GetUtcNow():u} here. Check the clocks or send it again.");

    private CommandOutcome Say(HostCommand command, long begun, OutcomeResult result, CommandFailedException? failure)
    {
        var duration = machine.Clock.GetElapsedTime(begun);
        if (failure is null)
        {
            Logs.CommandSucceeded(logger, command.CommandId, (long)duration.TotalMilliseconds);
        }
        else
        {
            Logs.CommandFailed(logger, command.CommandId, result, failure.Code, failure.Message);
        }

        return new CommandOutcome
        {
            CommandId = command.CommandId,
            Host = host,
            Kind = command.Kind,
            PackageFullName = command.Package?.FullName,
            Result = failure?.Code == ErrorCodes.PathNotAllowed ? OutcomeResult.Refused : result,
            Code = failure?.Code,
            Message = failure?.Message,
            HResult = failure?.WindowsResult,
            Duration = duration,
            CompletedAt = machine.Clock.GetUtcNow(),
            RolloutId = command.RolloutId,
        };
    }
}

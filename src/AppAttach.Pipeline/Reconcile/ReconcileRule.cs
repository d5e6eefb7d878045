using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Planning;

namespace AppAttach.Pipeline.Reconcile;

/// <summary>Decides which of the commands that a host needs are sent now: not those that are under way, and failed ones after a rest.</summary>
public static class ReconcileRule
{
    /// <summary>Commands that reconciling sends have ids that start with this.</summary>
    public const string IdPrefix = "reconcile-";

    private const int MostDoublings = 7;
    private static readonly TimeSpan FirstRest = TimeSpan.FromMinutes(10);

    /// <summary>Decides.</summary>
    /// <param name="record">The host.</param>
    /// <param name="plans">What its pools should have, in its order.</param>
    /// <param name="former">Families of pools that it belonged to.</param>
    /// <param name="now">The time.</param>
    /// <param name="deadline">When the host refuses what is sent now.</param>
    /// <param name="leastListener">See <see cref="PipelineOptions.LeastListenerVersion"/>.</param>
    /// <returns>The commands, and the host's record with them in it.</returns>
    public static (IReadOnlyList<HostCommand> Commands, HostRecord Record) Decide(
        HostRecord record, IReadOnlyList<PoolPlan> plans, IReadOnlySet<string> former, DateTimeOffset now, DateTimeOffset deadline, Version? leastListener)
    {
        var hello = record.Hello;
        var needed = HostDifference.Of(hello, plans, former, (package, users) => IsAcknowledged(record, package, users));
        var sent = record.Commands.Where(command => IsWorthKeeping(command, hello, needed, now)).ToList();
        var commands = new List<HostCommand>();
        foreach (var need in needed)
        {
            // What must fail is not sent. The next hello may say that the host has changed.
            if (need.Kind == CommandKind.Stage && Preflight.Judge(hello, need.Package, need.Needs, leastListener).Count > 0)
            {
                continue;
            }

            var last = sent.Find(command => command.Kind == need.Kind && command.PackageFullName == need.Package.FullName);
            if (last is not null && !MayBeSentAgain(last, need, hello, now))
            {
                continue;
            }

            var command = new HostCommand
            {
                CommandId = MakeId(hello, need, last),
                Host = hello.Host,
                Kind = need.Kind,
                Package = need.Package,
                Image = need.Image,
                Users = need.Users,
                Mode = need.Mode,
                Deadline = deadline,
            };
            commands.Add(command);
            if (last is not null)
            {
                sent.Remove(last);
            }

            sent.Add(new SentCommand(command.CommandId, need.Kind, need.Package.FullName, now, deadline)
            {
                Users = need.Users, Failures = last?.Failures ?? 0,
            });
        }

        return (commands, record with { Commands = sent });
    }

    /// <summary>
    /// Puts an outcome into the host's record. It may be faster than the record of its command: then it stands in for it, so that the
    /// command is not taken for one that is under way.
    /// </summary>
    /// <param name="record">The host.</param>
    /// <param name="outcome">The outcome of a command that reconciling sent.</param>
    /// <param name="now">The time.</param>
    /// <returns>The record; null: the outcome says nothing new.</returns>
    public static HostRecord? Take(HostRecord record, CommandOutcome outcome, DateTimeOffset now)
    {
        if (outcome.PackageFullName is not { } package)
        {
            return null;
        }

        var known = record.Commands.FirstOrDefault(command => command.Kind == outcome.Kind && command.PackageFullName == package);
        var isKnown = known?.CommandId == outcome.CommandId;
        if (known is not null && (isKnown ? known.Result is not null : known.Result is null || known.CompletedAt >= outcome.CompletedAt))
        {
            return null;
        }

        var command = isKnown ? known! : new SentCommand(outcome.CommandId, outcome.Kind, package, now, now) { IsOnlyHeardOf = true };
        return record with
        {
            Commands = [.. record.Commands.Where(other => other != known), End(command, outcome, now)],
        };
    }

    private static SentCommand End(SentCommand command, CommandOutcome outcome, DateTimeOffset now) => outcome.Result == OutcomeResult.Succeeded
        ? command with { Result = outcome.Result, CompletedAt = outcome.CompletedAt, Failures = 0 }
        : command with
        {
            Result = outcome.Result,
            Code = outcome.Code ?? ErrorCodes.Internal,
            Message = outcome.Message,
            CompletedAt = outcome.CompletedAt,
            Failures = command.Failures + 1,
            RetryAt = now + FirstRest * (1 << Math.Min(command.Failures, MostDoublings)),
        };

    /// <summary>Forgets what a new hello speaks against: someone took a package from its users by hand.</summary>
    /// <param name="record">The host with its last hello.</param>
    /// <param name="hello">The new one.</param>
    /// <returns>The commands that still stand.</returns>
    public static IReadOnlyList<SentCommand> AfterDrift(HostRecord record, HostHello hello) =>
    [
        .. record.Commands.Where(command => command.Kind != CommandKind.Register
            || command.Result != OutcomeResult.Succeeded
            || !HasUsers(record.Hello, command.PackageFullName)
            || HasUsers(hello, command.PackageFullName)),
    ];

    private static bool HasUsers(HostHello hello, string package) =>
        hello.Inventory.Any(item => item.PackageFullName == package && item.RegisteredUsers.Count > 0);

    private static bool IsAcknowledged(HostRecord record, string package, IReadOnlyList<string> users) => record.Commands.Any(command =>
        command.Kind == CommandKind.Register
        && command.PackageFullName == package
        && command.Result == OutcomeResult.Succeeded
        && command.Users.Count == users.Count
        && command.Users.All(user => users.Contains(user, StringComparer.OrdinalIgnoreCase)));

    private static bool MayBeSentAgain(SentCommand last, NeededCommand need, HostHello hello, DateTimeOffset now) => last.Result switch
    {
        null => last.Deadline <= now,

        // The hello may have been said before the command was carried out. Both times are by the host's clock.
        OutcomeResult.Succeeded => last.CompletedAt < hello.SentAt || (!last.IsOnlyHeardOf && !last.Users.SequenceEqual(need.Users)),
        _ => last.RetryAt <= now,
    };

    private static bool IsWorthKeeping(SentCommand command, HostHello hello, IReadOnlyList<NeededCommand> needed, DateTimeOffset now) =>
        (command.Result is null && command.Deadline > now)
        || needed.Any(need => need.Kind == command.Kind && need.Package.FullName == command.PackageFullName)
        || (command is { Kind: CommandKind.Register, Result: OutcomeResult.Succeeded } && hello.Inventory.Any(item => item.PackageFullName == command.PackageFullName));

    /// <summary>The same hello, heard again after a crash, makes the same command; another hello makes another one, which the host carries out anew.</summary>
    private static string MakeId(HostHello hello, NeededCommand need, SentCommand? last)
    {
        var text = $"{hello.Host}\n{need.Kind}\n{need.Package.FullName}\n{need.Image?.Digest}\n{string.Join(',', need.Users)}\n{hello.SentAt.UtcTicks}\n{last?.CommandId}";
        return InstanceId.Of(IdPrefix, text);
    }
}

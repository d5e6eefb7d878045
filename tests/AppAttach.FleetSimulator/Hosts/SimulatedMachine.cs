using AppAttach.Contracts;

namespace AppAttach.FleetSimulator.Hosts;

/// <summary>
/// What a listener's commands do to a machine, with the rules of Windows that rollouts meet, and the listener's ledger: a command that
/// was carried out is only reported when it comes again. What lies here outlives a crash.
/// </summary>
/// <param name="host">The host's name.</param>
internal sealed class SimulatedMachine(string host)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StagedPackage> _staged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CommandOutcome> _ledger = new(StringComparer.Ordinal);

    /// <summary>What is staged now.</summary>
    public IReadOnlyList<StagedPackage> Staged
    {
        get
        {
            lock (_lock)
            {
                return [.. _staged.Values];
            }
        }
    }

    /// <summary>What a hello says of it.</summary>
    public IReadOnlyList<InventoryItem> Inventory =>
    [
        .. Staged.Select(item => new InventoryItem(
            item.Package.FullName,
            item.Image.Path,
            item.Image.Digest,
            IsMounted: true,
            item.RegisteredFor is { } users ? users.Count > 0 ? users : ["S-1-5-21-" + host] : [])
        {
            RegisteredFor = item.RegisteredFor,
        }),
    ];

    /// <summary>What became of a command that was carried out; null: it was not.</summary>
    public CommandOutcome? Find(string commandId)
    {
        lock (_lock)
        {
            return _ledger.GetValueOrDefault(commandId);
        }
    }

    /// <summary>Puts a package onto the machine before the story begins.</summary>
    public void Put(StagedPackage package)
    {
        lock (_lock)
        {
            _staged[package.Package.FullName] = package;
        }
    }

    /// <summary>Someone removes what is registered by hand: a package, from its users.</summary>
    /// <param name="choose">Chooses one of so many.</param>
    public void Drift(Func<int, int> choose)
    {
        lock (_lock)
        {
            if (_staged.Count > 0)
            {
                var item = _staged.Values.ElementAt(choose(_staged.Count));
                _staged[item.Package.FullName] = item with { RegisteredFor = null };
            }
        }
    }

    /// <summary>The machine is built anew: it has nothing and remembers nothing.</summary>
    public void Rebuild()
    {
        lock (_lock)
        {
            _staged.Clear();
            _ledger.Clear();
        }
    }

    /// <summary>Carries a command out, and writes down what became of it in the same step.</summary>
    /// <param name="command">The command; it was not carried out yet.</param>
    /// <param name="obstacle">Why it fails in any case; null: it does not.</param>
    /// <param name="now">The host's time.</param>
    /// <returns>The outcome.</returns>
    public CommandOutcome CarryOut(HostCommand command, string? obstacle, DateTimeOffset now)
    {
        lock (_lock)
        {
            var isRefused = command.Deadline < now || !string.Equals(command.Host, host, StringComparison.OrdinalIgnoreCase);
            var code = isRefused ? command.Deadline < now ? ErrorCodes.CommandExpired : ErrorCodes.CommandRefused : obstacle ?? Do(command);
            var outcome = new CommandOutcome
            {
                CommandId = command.CommandId,
                Host = host,
                Kind = command.Kind,
                PackageFullName = command.Package?.FullName,
                Result = code is null ? OutcomeResult.Succeeded : isRefused ? OutcomeResult.Refused : OutcomeResult.Failed,
                Code = code,
                Message = code is null ? null : $"{host} says {code}.",
                CompletedAt = now,
                RolloutId = command.RolloutId,
            };
            _ledger.Add(command.CommandId, outcome);
            return outcome;
        }
    }

    private string? Do(HostCommand command)
    {
        if (command.Package is not { } package)
        {
            return null;
        }

        var there = _staged.GetValueOrDefault(package.FullName);
        switch (command.Kind)
        {
            case CommandKind.Stage:
                if (!File.Exists(command.Image!.Path))
                {
                    return ErrorCodes.ImageMissing;
                }

                _staged[package.FullName] = new StagedPackage(package, command.Image, there?.RegisteredFor);
                return null;
            case CommandKind.Register:
                return there is null ? ErrorCodes.NotStaged : Register(there, command.Users);
            case CommandKind.Deregister when there is not null:
                var left = command.Users.Count == 0 || there.RegisteredFor is null ? [] : there.RegisteredFor.Except(command.Users, StringComparer.OrdinalIgnoreCase).ToList();
                _staged[package.FullName] = there with { RegisteredFor = left.Count == 0 ? null : left };
                return null;
            case CommandKind.Destage when there is { RegisteredFor: not null }:
                return ErrorCodes.InUse;
            case CommandKind.Destage:
                _staged.Remove(package.FullName);
                return null;
            default:
                return null;
        }
    }

    /// <summary>Windows puts a newer version in the place of an older one, and refuses the reverse.</summary>
    private string? Register(StagedPackage package, IReadOnlyList<string> users)
    {
        var others = _staged.Values.Where(other =>
            other.RegisteredFor is not null && other.Package.FamilyName == package.Package.FamilyName && other.Package.FullName != package.Package.FullName).ToList();
        if (others.Exists(other => Version.Parse(other.Package.Version) > Version.Parse(package.Package.Version)))
        {
            return ErrorCodes.RegistrationFailed;
        }

        foreach (var other in others)
        {
            _staged[other.Package.FullName] = other with { RegisteredFor = null };
        }

        _staged[package.Package.FullName] = package with { RegisteredFor = users };
        return null;
    }
}

using System.Collections.Concurrent;
using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>
/// The bus and the hosts behind it. As on a topic, a command for a host without a subscription is lost. Hosts answer before the
/// sending returns, unless the test says otherwise.
/// </summary>
internal sealed class MemoryBus(PortFaults faults) : ICommandSender, IEventSender, IReplySender
{
    /// <summary>Each host's subscription, as <c>POOL/HOST</c>.</summary>
    public ConcurrentDictionary<string, bool> Subscriptions { get; } = new();

    /// <summary>Every command delivered, in order, repetitions too.</summary>
    public ConcurrentQueue<HostCommand> Commands { get; } = new();

    /// <summary>Every event sent, in order, repetitions too.</summary>
    public ConcurrentQueue<(string Type, string Id, PipelineEvent Content)> Events { get; } = new();

    /// <summary>What a host says of a command; null: nothing.</summary>
    public Func<HostCommand, CommandOutcome?> Answers { get; set; } = Succeeded;

    /// <summary>Takes outcomes to the pipeline.</summary>
    public Func<CommandOutcome, Task> Delivers { get; set; } = _ => Task.CompletedTask;

    /// <summary>What was registered successfully, as <c>HOST PACKAGE</c>.</summary>
    public ConcurrentDictionary<string, bool> Registered { get; } = new();

    /// <summary>What each host has, by host and package.</summary>
    public ConcurrentDictionary<(string Host, string Package), InventoryItem> Inventory { get; } = new();

    /// <summary>Says hello for a host of a pool, after each change of what it has.</summary>
    public Func<string, string, Task> SaysHello { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<InventoryItem> InventoryOf(string host) =>
        [.. Inventory.Where(item => item.Key.Host == host).OrderBy(item => item.Key.Package, StringComparer.Ordinal).Select(item => item.Value)];

    public static CommandOutcome Succeeded(HostCommand command) => new()
    {
        CommandId = command.CommandId,
        Host = command.Host,
        Kind = command.Kind,
        PackageFullName = command.Package?.FullName,
        Result = OutcomeResult.Succeeded,
        CompletedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        RolloutId = command.RolloutId,
    };

    public static CommandOutcome Failed(HostCommand command, string code) =>
        Succeeded(command) with { Result = OutcomeResult.Failed, Code = code, Message = $"{command.Host} says {code}." };

    public Task EnsureHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        faults.Before("bus.ensure");
        Subscriptions[$"{pool}/{host}"] = true;
        faults.After("bus.ensure");
        return Task.CompletedTask;
    }

    public Task RemoveHostAsync(string pool, string host, CancellationToken cancellationToken)
    {
        faults.Before("bus.remove");
        Subscriptions.TryRemove($"{pool}/{host}", out _);
        faults.After("bus.remove");
        return Task.CompletedTask;
    }

    public async Task SendAsync(string pool, IReadOnlyList<HostCommand> commands, CancellationToken cancellationToken)
    {
        faults.Before("bus.send");
        foreach (var command in commands.Where(command => Subscriptions.ContainsKey($"{pool}/{command.Host}")))
        {
            Commands.Enqueue(command);
            if (Answers(command) is { } outcome)
            {
                await AnswerAsync(command, outcome, pool);
            }
        }

        faults.After("bus.send");
    }

    /// <summary>A host of a pool does what a command asks, or not, and says so.</summary>
    public async Task AnswerAsync(HostCommand command, CommandOutcome outcome, string pool)
    {
        if (outcome is { Kind: CommandKind.Register, Result: OutcomeResult.Succeeded })
        {
            Registered[$"{outcome.Host} {command.Package!.FullName}"] = true;
        }

        var isChanged = outcome.Result == OutcomeResult.Succeeded && Carry(command);
        await Delivers(outcome);
        if (isChanged)
        {
            await SaysHello(command.Host, pool);
        }
    }

    /// <summary>Does what a command asks; gives whether the host has something else now.</summary>
    private bool Carry(HostCommand command)
    {
        if (command.Package is not { } package)
        {
            return false;
        }

        var key = (command.Host, package.FullName);
        var before = Inventory.GetValueOrDefault(key);
        switch (command.Kind)
        {
            case CommandKind.Stage:
                Inventory[key] = before ?? new InventoryItem(package.FullName, command.Image!.Path, command.Image.Digest, IsMounted: true, []);
                break;
            case CommandKind.Register when before is not null:
                Inventory[key] = before with { RegisteredUsers = command.Users.Count > 0 ? command.Users : ["everyone"] };
                foreach (var other in Inventory.Where(item => item.Key.Host == command.Host && item.Key != key && IsSameFamily(item.Key.Package, package)))
                {
                    Inventory[other.Key] = other.Value with { RegisteredUsers = [] };
                }

                break;
            case CommandKind.Deregister when before is not null:
                Inventory[key] = before with { RegisteredUsers = [] };
                break;
            case CommandKind.Destage:
                Inventory.TryRemove(key, out _);
                break;
        }

        return !Equals(before, Inventory.GetValueOrDefault(key));
    }

    private static bool IsSameFamily(string fullName, PackageReference package) =>
        fullName.Split('_') is [var name, .., var publisher] && $"{name}_{publisher}" == package.FamilyName;

    public Task SendAsync(string type, string id, PipelineEvent content, CancellationToken cancellationToken)
    {
        faults.Before("events.send");
        Events.Enqueue((type, id, content));
        faults.After("events.send");
        return Task.CompletedTask;
    }

    /// <summary>Every answer to a request, in order.</summary>
    public ConcurrentQueue<(ReplyAddress Address, RequestReply Reply)> Replies { get; } = new();

    public Task SendAsync(ReplyAddress address, RequestReply reply, CancellationToken cancellationToken)
    {
        faults.Before("replies.send");
        Replies.Enqueue((address, reply));
        faults.After("replies.send");
        return Task.CompletedTask;
    }
}

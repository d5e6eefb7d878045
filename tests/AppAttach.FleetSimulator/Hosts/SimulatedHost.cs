using System.Text;
using AppAttach.Contracts;

namespace AppAttach.FleetSimulator.Hosts;

/// <summary>
/// One listener and its machine: says hello, takes commands from its own subscription, reports what became of them, as the listener
/// does, and fails in the ways of hosts. What it draws depends on its seed and name.
/// </summary>
internal sealed class SimulatedHost
{
    // A locked message of a host that was killed comes again when the lock has run out; a bus that is away is asked again soon.
    private static readonly TimeSpan BusRest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(60);

    private readonly Fleet _fleet;
    private readonly BusConnection _bus;
    private readonly Random _random;
    private readonly TimeSpan _skew;
    private readonly List<byte[]> _said = [];
    private DateTimeOffset _lastMoment;
    private DateTimeOffset _helloDue;
    private int _hellos;

    /// <summary>Makes a host that is off.</summary>
    public SimulatedHost(Fleet fleet, string name, string pool, BusConnection bus, int seed)
    {
        (_fleet, Name, Pool, _bus) = (fleet, name, pool, bus);
        _random = new Random(unchecked(seed * 31 + name.Aggregate(17, (hash, letter) => hash * 31 + letter)));
        _skew = fleet.Faults.LargestSkew * (2 * _random.NextDouble() - 1);
        Machine = new SimulatedMachine(name);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The pool it says it belongs to.</summary>
    public string Pool { get; set; }

    /// <summary>Further pools that it says it belongs to.</summary>
    public IReadOnlyList<string> AlsoIn { get; set; } = [];

    /// <summary>The machine.</summary>
    public SimulatedMachine Machine { get; }

    /// <summary>Lives until told to stop; comes back after each crash.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _helloDue = default;
                await LiveAsync(stop);
            }
            catch (HostCrashedException)
            {
                await RestAsync(_fleet.Faults.LongestOutage * _random.NextDouble(), stop);
            }
            catch (HttpRequestException e)
            {
                _fleet.BusFailed(e);
                await RestAsync(BusRest, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static bool IsUnwell(double chance, double drawn) => chance > 0 && drawn < chance;

    private async Task LiveAsync(CancellationToken stop)
    {
        var entity = $"{BusEntities.HostCommandsTopic(Pool)}/subscriptions/{Name}";
        while (true)
        {
            var wait = _helloDue - _fleet.Clock.GetUtcNow();
            if (wait <= TimeSpan.Zero)
            {
                await SayHelloAsync(stop);
                entity = $"{BusEntities.HostCommandsTopic(Pool)}/subscriptions/{Name}";
                continue;
            }

            var (isThere, body, address) = await _bus.ReceiveAsync(entity, wait < LongestPoll ? wait : LongestPoll, stop);
            if (body is not null)
            {
                using (_fleet.Work())
                {
                    await HandleAsync(Message.ReadCommand(body), address!, stop);
                }
            }
            else if (!isThere)
            {
                // The pipeline makes the subscription when it hears of the host.
                await RestAsync(TimeSpan.FromSeconds(1), stop);
            }
            else if (wait < TimeSpan.FromSeconds(1))
            {
                await RestAsync(wait, stop);
            }
        }
    }

    private async Task HandleAsync(HostCommand command, Uri address, CancellationToken stop)
    {
        _fleet.Received(command);
        Crash();
        if (_fleet.Faults.LongestLatency > TimeSpan.Zero)
        {
            await PauseAsync(_fleet.Faults.LongestLatency * _random.NextDouble(), stop);
        }

        var known = Machine.Find(command.CommandId);
        var outcome = known ?? Machine.CarryOut(command, Obstacle(command), Moment());
        if (known is null)
        {
            _fleet.CarriedOut(Name, outcome);
        }

        Crash();
        var body = Message.Write(outcome);
        _said.Add(body);
        if (Happens(_fleet.Faults.Delay))
        {
            // The message is not completed meanwhile, as if the bus could not be reached: its lock may run out.
            await PauseAsync(TimeSpan.FromMinutes(10) * _random.NextDouble(), stop);
        }

        await _bus.SayAsync(body, command.CommandId, stop);
        if (Happens(_fleet.Faults.Repeat))
        {
            await _bus.SayAsync(_said[_random.Next(_said.Count)], $"{command.CommandId}-again", stop);
        }

        Crash();
        await _bus.CompleteAsync(address, stop);
        Crash();
        if (known is null)
        {
            _helloDue = default;
        }
    }

    private string? Obstacle(HostCommand command) =>
        _fleet.IsBad(command, Name) ? ErrorCodes.RegistrationFailed
        : Happens(_fleet.Faults.Fail) ? command.Kind == CommandKind.Stage ? ErrorCodes.MountFailed : ErrorCodes.RegistrationFailed
        : null;

    private async Task SayHelloAsync(CancellationToken stop)
    {
        using var work = _fleet.Work();
        if (Happens(_fleet.Faults.Rebuild))
        {
            Machine.Rebuild();
            _fleet.Rebuilt(Name);
        }

        if (Happens(_fleet.Faults.Drift))
        {
            Machine.Drift(_random.Next);
        }

        _fleet.LookAtMounts(this);
        if (Happens(_fleet.Faults.Rubbish))
        {
            await _bus.SayAsync(Rubbish(), $"rubbish-{Name}-{_hellos}", stop);
        }

        await _bus.SayAsync(Message.Write(Hello(Name, Machine.Inventory), $"hello-{Name}-{++_hellos}"), $"hello-{Name}-{_hellos}", stop);
        _helloDue = _fleet.Clock.GetUtcNow() + _fleet.HelloInterval * (0.75 + _random.NextDouble() / 2);
    }

    private HostHello Hello(string name, IReadOnlyList<InventoryItem> inventory) => new()
    {
        Host = name,
        Pool = Pool,
        AlsoIn = AlsoIn,
        ListenerVersion = "0.1.0",
        SaysRegistrations = true,
        OperatingSystem = "Simulated",
        OperatingSystemVersion = "10.0.26100.0",
        Architecture = "x64",
        FreeBytes = 50L << 30,
        Frameworks = [],
        Mounter = "simulated",
        Inventory = inventory,
        SentAt = Moment(),
    };

    /// <summary>What a host may say that is not so, or that nobody can read. It must hurt nobody but itself, and not for long.</summary>
    private byte[] Rubbish() => _random.Next(5) switch
    {
        0 => [.. Enumerable.Range(0, 200).Select(_ => (byte)_random.Next(256))],
        1 => Encoding.UTF8.GetBytes("{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"/x\",\"type\":\"appattach.host.hello.v1\",\"time\":\"2026-03-01T12:00:00Z\",\"data\":{\"host\":null}}"),
        2 => Message.Write(Hello(_fleet.Hosts[_random.Next(_fleet.Hosts.Count)].Name, []), "lie"),
        3 => Message.Write(Hello(Name, [.. Enumerable.Range(0, 3_000).Select(item => new InventoryItem($"Item_{item}", "", "", false, []))]), "flood"),
        _ => Message.Write(new CommandOutcome
        {
            CommandId = "rollout-00000000000000000000000000000000-r0-s0." + Name,
            Host = Name,
            Kind = CommandKind.Stage,
            Result = OutcomeResult.Succeeded,
            CompletedAt = Moment(),
            RolloutId = "rollout-00000000000000000000000000000000-r0-s0",
        }),
    };

    private void Crash()
    {
        if (Happens(_fleet.Faults.Crash))
        {
            throw new HostCrashedException();
        }
    }

    private bool Happens(double chance) => IsUnwell(chance, _random.NextDouble());

    /// <summary>The host's time; no two moments are the same, though the fleet's clock may stand still.</summary>
    private DateTimeOffset Moment()
    {
        var now = _fleet.Clock.GetUtcNow() + _skew;
        return _lastMoment = now > _lastMoment ? now : _lastMoment.AddTicks(1);
    }

    /// <summary>Waits in the midst of work; the clock may go on meanwhile.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        using (_fleet.Rest())
        {
            await RestAsync(pause, stop);
        }
    }

    private Task RestAsync(TimeSpan rest, CancellationToken stop) => Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, _fleet.Clock, stop);
}

using System.Collections.Concurrent;
using AppAttach.Contracts;
using AppAttach.FleetSimulator.Running;

namespace AppAttach.FleetSimulator.Hosts;

/// <summary>Simulated hosts on one bus, what goes wrong with them, and what they saw.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly HttpClient _http = BusConnection.NewClient();
    private readonly Uri _bus;
    private readonly int _seed;
    private readonly List<SimulatedHost> _hosts = [];
    private readonly ConcurrentDictionary<(string Package, CommandKind Kind), Func<string, bool>> _bad = new();
    private readonly ConcurrentDictionary<string, int> _effects = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _lives = [];
    private int _working;

    /// <summary>A fleet without hosts.</summary>
    /// <param name="bus">Address of the bus.</param>
    /// <param name="clock">The clock of the fleet.</param>
    /// <param name="seed">What everything that is drawn depends on.</param>
    /// <param name="faults">What goes wrong at first.</param>
    public Fleet(Uri bus, TimeProvider clock, int seed, Faults faults)
    {
        (_bus, Clock, _seed, Faults) = (bus, clock, seed, faults);
    }

    /// <summary>The fleet's clock; each host's own is off by its skew.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What goes wrong from now on.</summary>
    public Faults Faults { get; set; }

    /// <summary>How often hosts say hello, about.</summary>
    public TimeSpan HelloInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The hosts.</summary>
    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    /// <summary>Every command that reached a host, as often as it did.</summary>
    public ConcurrentQueue<HostCommand> Commands { get; } = new();

    /// <summary>
    /// What became of commands that rollouts sent, by command id. A host that did well, was built anew and got the command once more cannot do it any more, having
    /// nothing of what came before; what it did first is what the rollout heard.
    /// </summary>
    public ConcurrentDictionary<string, CommandOutcome> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>What must never be and was.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>How often the bus could not be reached or refused.</summary>
    public ConcurrentDictionary<string, int> BusFailures { get; } = new();

    /// <summary>Whether some host is doing something other than waiting for time or for a command.</summary>
    public bool IsWorking => Volatile.Read(ref _working) > 0;

    /// <summary>How many commands were carried out.</summary>
    public int EffectCount => _effects.Count;

    /// <summary>Adds a host that is off.</summary>
    public SimulatedHost Add(string name, string pool, string keyName, string key)
    {
        var host = new SimulatedHost(this, name, pool, new BusConnection(_http, _bus, keyName, key, Clock), _seed);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Someone who may do everything on the bus.</summary>
    public FleetAdmin Admin(string keyName, string key) => new(new BusConnection(_http, _bus, keyName, key, Clock), Clock);

    /// <summary>Turns hosts on.</summary>
    public void Start(IEnumerable<SimulatedHost> hosts) => _lives.AddRange(hosts.Select(host => Task.Run(() => host.RunAsync(_stop.Token))));

    /// <summary>Makes a release fail on some hosts.</summary>
    public void Spoil(string packageFullName, CommandKind kind, Func<string, bool> on) => _bad[(packageFullName, kind)] = on;

    /// <summary>Makes every release good.</summary>
    public void Mend() => _bad.Clear();

    /// <summary>Whether a command fails on a host because its release is bad.</summary>
    public bool IsBad(HostCommand command, string host) => _bad.TryGetValue((command.Package?.FullName ?? "", command.Kind), out var on) && on(host);

    /// <summary>A command reached a host.</summary>
    public void Received(HostCommand command) => Commands.Enqueue(command);

    /// <summary>A host did what a command asked, or tried.</summary>
    public void CarriedOut(string host, CommandOutcome outcome)
    {
        if (_effects.AddOrUpdate($"{host} {outcome.CommandId}", 1, (_, count) => count + 1) > 1)
        {
            Violations.Enqueue($"{host} carried out {outcome.CommandId} twice.");
        }

        if (outcome.RolloutId is not null)
        {
            Outcomes.AddOrUpdate(outcome.CommandId, outcome, (_, first) => first.Result == OutcomeResult.Succeeded ? first : outcome);
        }
    }

    /// <summary>A host was built anew: what it did before is gone, and doing it again is right.</summary>
    public void Rebuilt(string host)
    {
        foreach (var key in _effects.Keys.Where(key => key.StartsWith(host + " ", StringComparison.Ordinal)))
        {
            _effects.TryRemove(key, out _);
        }
    }

    /// <summary>Looks whether the images are there that a host has mounted.</summary>
    public void LookAtMounts(SimulatedHost host)
    {
        foreach (var item in host.Machine.Staged.Where(item => !File.Exists(item.Image.Path)))
        {
            Violations.Enqueue($"{host.Name} has {item.Package.FullName} mounted, and its image was deleted.");
        }
    }

    /// <summary>The bus could not be reached.</summary>
    public void BusFailed(HttpRequestException e) =>
        BusFailures.AddOrUpdate(e.StatusCode is { } status ? $"{(int)status}" : e.HttpRequestError.ToString(), 1, (_, count) => count + 1);

    /// <summary>Says that a host works, until disposed of.</summary>
    public Span Work() => new(this, 1);

    /// <summary>Says that a host that works waits for time, until disposed of.</summary>
    public Span Rest() => new(this, -1);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_lives).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    /// <summary>A span of time in which a host counts as working, or not.</summary>
    internal readonly struct Span : IDisposable
    {
        private readonly Fleet _fleet;
        private readonly int _by;

        public Span(Fleet fleet, int by)
        {
            (_fleet, _by) = (fleet, by);
            Interlocked.Add(ref fleet._working, by);
        }

        public void Dispose() => Interlocked.Add(ref _fleet._working, -_by);
    }
}

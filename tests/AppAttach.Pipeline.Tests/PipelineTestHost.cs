using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Embedded.Engine;
using AppAttach.Embedded.Hosting;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;
using AppAttach.Pipeline.Tests.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Pipeline.Tests;

/// <summary>
/// The whole pipeline on the real engine, which replays every instance at every step, over ports in memory and a clock that the
/// test moves. The engine can be dropped and opened again on its file, as when the process is killed.
/// </summary>
internal sealed class PipelineTestHost : MemoryWorld, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<HistoryEvent>> _settled = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Lock _opening = new();
    private IServiceProvider? _services;
    private OrchestrationEngine? _engine;

    /// <inheritdoc cref="MemoryWorld"/>
    public PipelineTestHost(params string[] regions)
        : base(regions)
    {
    }

    public ManualTimeProvider Clock { get; init; } = new();

    public EngineOptions EngineOptions { get; set; } = new() { ReplayEveryStep = true };

    protected override TimeProvider Time => Clock;

    public OrchestrationEngine Engine
    {
        get
        {
            lock (_opening)
            {
                return _engine ??= Open();
            }
        }
    }

    public T Get<T>()
        where T : notnull
    {
        _ = Engine;
        return _services!.GetRequiredService<T>();
    }

    public Task StartAsync() => Engine.StartAsync(CancellationToken.None);

    /// <summary>Drops the engine without stopping it; the next use opens a new one on the same file.</summary>
    public async Task DropAsync()
    {
        if (_engine is { } engine)
        {
            _engine = null;
            await engine.DisposeAsync();
        }
    }

    public Task<string> DropAsync(PackageDrop drop) => Get<PackageDropHandler>().HandleAsync(drop, CancellationToken.None);

    /// <summary>Drops a package and waits until it is published or refused, moving the clock to whatever its publishing waits for.</summary>
    public async Task<PublishPackageResult> PublishAsync(PackageDrop drop) => await EndAsync<PublishPackageResult>(await DropAsync(drop));

    public Task<PublishPackageResult> PublishAsync(string name, byte[] package) => PublishAsync(Inbox.Put(name, package));

    public override Task DeliverAsync(byte[] body, ECDsa? key = null) =>
        Get<HostMessageHandler>().HandleAsync(body, CancellationToken.None, proof: key is null ? null : HostProof.Sign(key, body));

    /// <summary>Waits until an instance has ended, moving the clock whenever it waits for nothing but time.</summary>
    public async Task<TResult> EndAsync<TResult>(string instanceId)
    {
        await DriveAsync(instanceId, () => IsEnded(instanceId));
        return await ResultAsync<TResult>(instanceId);
    }

    /// <summary>Waits until an instance has ended; the clock stands still.</summary>
    public async Task<TResult> ResultAsync<TResult>(string instanceId)
    {
        var status = await Engine.WaitForCompletionAsync(instanceId, TestContext.Current.CancellationToken);
        Assert.True(status.Failure is null, $"{instanceId}: {status.Failure?.ErrorType}: {status.Failure?.Message}");
        return JsonSerializer.Deserialize<TResult>(status.Output!, OrchestrationJson.Options)!;
    }

    /// <summary>Moves the clock whenever an instance waits for nothing but time, until what is wanted holds.</summary>
    public async Task DriveAsync(string instanceId, Func<bool> isReached)
    {
        while (!isReached())
        {
            if (NextTimer(instanceId) is { } due)
            {
                Clock.Advance(due - Clock.GetUtcNow().UtcDateTime is { Ticks: > 0 } wait ? wait : TimeSpan.Zero);
            }

            await _changed.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>
    /// Waits until a publishing and all rollouts have ended, moving the clock to retries only: the deadline of a wait for outcomes is
    /// further away than <paramref name="longestRetry"/>.
    /// </summary>
    public async Task EndAllAsync(string publishing, TimeSpan longestRetry)
    {
        while (!IsEnded(publishing) || Engine.List().Any(status => status.State == OrchestrationState.Running))
        {
            var now = Clock.GetUtcNow().UtcDateTime;
            var due = Engine.List().Select(status => NextTimer(status.InstanceId)).Where(due => due > now && due <= now + longestRetry).Min();
            if (due is { } next)
            {
                Clock.Advance(next - now);
            }

            await _changed.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until every rollout that was started has ended.</summary>
    public async Task<IReadOnlyList<OrchestrationStatus>> AllRolloutsAsync()
    {
        var rollouts = Engine.List().Where(status => status.Name == nameof(RunRolloutOrchestrator)).ToList();
        foreach (var rollout in rollouts)
        {
            await ResultAsync<RunRolloutResult>(rollout.InstanceId);
        }

        return [.. rollouts.Select(rollout => Engine.Get(rollout.InstanceId)!)];
    }

    /// <summary>The end of the one rollout to a pool; the clock stands still.</summary>
    public async Task<RunRolloutResult> RolloutAsync(string pool)
    {
        var id = Engine.List().Single(status =>
            status.Name == nameof(RunRolloutOrchestrator) && status.Input!.Contains($"\"pool\":\"{pool}\"", StringComparison.Ordinal)).InstanceId;
        return await ResultAsync<RunRolloutResult>(id);
    }

    /// <summary>The events about how publishings ended.</summary>
    public IReadOnlyList<(string Type, string Id, PipelineEvent Content)> Verdicts() =>
        [.. Bus.Events.Where(sent => sent.Id.EndsWith("-verdict", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _changed.Dispose();
        _folder.Dispose();
    }

    private bool IsEnded(string instanceId) => Engine.Get(instanceId) is { State: not OrchestrationState.Running };

    /// <summary>When the earliest timer is due of an instance that waits for timers only; null: it has other work, or none.</summary>
    private DateTime? NextTimer(string instanceId)
    {
        if (!_settled.TryGetValue(instanceId, out var history) || IsEnded(instanceId))
        {
            return null;
        }

        var done = history
            .Where(entry => !entry.IsAction || entry.Kind == HistoryEventKind.TimerCancelled)
            .Select(entry => entry.Task)
            .ToHashSet();
        var open = history.Where(entry => entry.Task is not null && entry.IsAction && !done.Contains(entry.Task)).ToList();
        return open.Count > 0 && open.TrueForAll(entry => entry.Kind == HistoryEventKind.TimerCreated) ? open.Min(entry => entry.Due) : null;
    }

    private OrchestrationEngine Open()
    {
        var services = AddTo(new ServiceCollection())
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IOrchestrationClient>(_ => _engine!);
        _services = services.BuildServiceProvider();
        var engine = new OrchestrationEngine(
            _folder.PathOf("engine.db"), EngineTasks.From(_services), EngineOptions, Clock, NullLoggerFactory.Instance);
        engine.Changed += (_, change) =>
        {
            // Raised after the step's timers are armed: only then may the clock be moved to them.
            if (EngineOptions.ReplayEveryStep)
            {
                _settled[change.InstanceId] = engine.ReadHistory(change.InstanceId);
            }

            _changed.Release();
        };
        return engine;
    }
}

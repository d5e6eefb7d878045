using System.Text.Json;
using AppAttach.Embedded.Engine;
using AppAttach.Pipeline.Orchestration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Embedded.Tests.Engine;

/// <summary>An engine on a file of its own with a clock that the test moves; it can be dropped and opened again on the same file.</summary>
internal sealed class EngineTestHost(EngineOptions options, TimeProvider? time = null) : IOrchestrationTestHost
{
    private readonly TemporaryFolder _folder = new();
    private readonly TimeProvider _time = time ?? new ManualTimeProvider();
    private OrchestrationEngine? _engine;

    public OrchestrationEngine Engine => _engine ??= Open();

    public IOrchestrationClient Client => Engine;

    public OrchestrationRegistry Registry { get; set; } = new();

    public EngineOptions Options { get; set; } = options;

    public ILoggerFactory? Loggers { get; set; }

    public DateTime Now => _time.GetUtcNow().UtcDateTime;

    public void AddOrchestrator<TInput, TResult>(string name, Func<OrchestrationContext, TInput, Task<TResult>> code) =>
        Registry.AddOrchestrator(name, () => new DelegateOrchestrator<TInput, TResult>(code));

    public void AddActivity<TInput, TResult>(string name, Func<TInput, CancellationToken, Task<TResult>> code) =>
        Registry.AddActivity(name, () => new DelegateActivity<TInput, TResult>(code));

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

    public async Task<OrchestrationEnd> EndAsync(string instanceId)
    {
        var status = await Engine.WaitForCompletionAsync(instanceId, TestContext.Current.CancellationToken);
        return new OrchestrationEnd(status.Output, status.Failure?.ErrorType, status.Failure?.Message);
    }

    /// <summary>Starts an orchestration and waits until it has ended.</summary>
    public async Task<OrchestrationEnd> RunAsync(string name, string instanceId, object input)
    {
        await Client.StartAsync(name, instanceId, input, CancellationToken.None);
        return await EndAsync(instanceId);
    }

    public Task UntilCustomStatusAsync(string instanceId, string customStatus)
    {
        var json = JsonSerializer.Serialize(customStatus);
        return UntilAsync(instanceId, () => Engine.Get(instanceId)?.CustomStatus == json);
    }

    /// <summary>Waits until the history of an instance is as wanted, looking after each step.</summary>
    public Task UntilHistoryAsync(string instanceId, Func<IReadOnlyList<HistoryEvent>, bool> isReached) =>
        UntilAsync(instanceId, () => isReached(Engine.ReadHistory(instanceId)));

    public void Advance(TimeSpan by) => ((ManualTimeProvider)_time).Advance(by);

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _folder.Dispose();
    }

    private async Task UntilAsync(string instanceId, Func<bool> isReached)
    {
        var engine = Engine;
        using var changed = new SemaphoreSlim(0);
        void OnChanged(object? sender, OrchestrationChangedEventArgs change)
        {
            if (change.InstanceId == instanceId)
            {
                changed.Release();
            }
        }

        engine.Changed += OnChanged;
        try
        {
            while (!isReached())
            {
                await changed.WaitAsync(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            engine.Changed -= OnChanged;
        }
    }

    private OrchestrationEngine Open() =>
        new(_folder.PathOf("engine.db"), Registry, Options, _time, Loggers ?? NullLoggerFactory.Instance);
}

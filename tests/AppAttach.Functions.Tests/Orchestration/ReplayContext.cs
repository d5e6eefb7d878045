using System.Text.Json;
using AppAttach.Pipeline.Orchestration;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Durable = Microsoft.DurableTask;

namespace AppAttach.Functions.Tests.Orchestration;

/// <summary>Durable's context for one run of <see cref="DurableReplay"/>.</summary>
internal sealed class ReplayContext(DurableReplay replay) : TaskOrchestrationContext
{
    private readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    private readonly List<(string Name, TaskCompletionSource<string?> Arrival)> _waiting = [];
    private readonly List<(string Name, string? Payload)> _early = [];
    private DateTime _now = DurableReplay.StartedAt;
    private int _next;
    private int _guids;

    public override TaskName Name => "test";

    public override string InstanceId => "instance-1";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _isReplaying;

    private bool _isReplaying = replay.Completions.Count > 0;

    protected override ILoggerFactory LoggerFactory { get; } = Microsoft.Extensions.Logging.LoggerFactory.Create(
        builder => builder.AddProvider(new ListLoggerProvider(replay.LogLines)));

    /// <summary>What was asked for and has not completed.</summary>
    public IEnumerable<ReplayAction> OpenActions => replay.Actions.Where(action => _open.ContainsKey(action.Id));

    /// <summary>Goes through the history.</summary>
    public void Replay()
    {
        for (var i = 0; i < replay.Completions.Count; i++)
        {
            var completion = replay.Completions[i];
            _isReplaying = i < replay.Completions.Count - 1;
            _now = completion.At;
            if (completion.ActionId is null)
            {
                Deliver(completion.Name, completion.Result);
            }
            else if (_open.Remove(completion.ActionId.Value, out var source))
            {
                Finish(source, completion);
            }
        }
    }

    public override T? GetInput<T>()
        where T : default => default;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, Durable.TaskOptions? options = null) =>
        await CallAsync<TResult>(name, input, options?.Retry?.Policy, instanceId: null);

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName,
        object? input = null,
        Durable.TaskOptions? options = null) =>
        await CallAsync<TResult>(orchestratorName, input, options?.Retry?.Policy, (options as SubOrchestrationOptions)?.InstanceId);

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var (id, timer) = Ask("timer", null, null, fireAt);
        using var registration = cancellationToken.Register(() =>
        {
            _open.Remove(id);
            timer.TrySetCanceled(cancellationToken);
        });
        await timer.Task;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        var arrival = new TaskCompletionSource<string?>();
        var kept = _early.FindIndex(early => Same(early.Name, eventName));
        if (kept >= 0)
        {
            arrival.SetResult(_early[kept].Payload);
            _early.RemoveAt(kept);
        }
        else
        {
            _waiting.Add((eventName, arrival));
        }

        using var registration = cancellationToken.Register(() =>
        {
            _waiting.RemoveAll(waiting => waiting.Arrival == arrival);
            arrival.TrySetCanceled(cancellationToken);
        });
        return Read<T>(await arrival.Task);
    }

    public override void SendEvent(string instanceId, string eventName, object payload) =>
        throw new NotSupportedException("The pipeline does not send events from orchestrators.");

    public override void SetCustomStatus(object? customStatus) =>
        replay.Statuses.Add(JsonSerializer.Serialize(customStatus, OrchestrationJson.Options));

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        replay.Continued = (newInput, preserveUnprocessedEvents);

    public override Guid NewGuid() => new(++_guids, 0, 0, new byte[8]);

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static T Read<T>(string? json) => JsonSerializer.Deserialize<T>(json!, OrchestrationJson.Options)!;

    private static void Finish(TaskCompletionSource<string?> source, ReplayCompletion completion)
    {
        if (completion.Failure is { } failure)
        {
            source.SetException(new Durable.TaskFailedException(completion.Name, completion.ActionId!.Value, failure));
        }
        else
        {
            source.SetResult(completion.Result);
        }
    }

    private void Deliver(string name, string? payload)
    {
        var index = _waiting.FindIndex(waiting => Same(waiting.Name, name));
        if (index < 0)
        {
            _early.Add((name, payload));
            return;
        }

        var arrival = _waiting[index].Arrival;
        _waiting.RemoveAt(index);
        arrival.SetResult(payload);
    }

    private async Task<TResult> CallAsync<TResult>(TaskName name, object? input, Durable.RetryPolicy? retry, string? instanceId)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Read<TResult>(await Ask(name, input, instanceId, fireAt: null).Completion.Task);
            }
            catch (Durable.TaskFailedException) when (attempt < retry?.MaxNumberOfAttempts)
            {
                var delay = retry.FirstRetryInterval * Math.Pow(retry.BackoffCoefficient, attempt - 1);
                await CreateTimer(delay < retry.MaxRetryInterval ? delay : retry.MaxRetryInterval, CancellationToken.None);
            }
        }
    }

    private (int Id, TaskCompletionSource<string?> Completion) Ask(string name, object? input, string? instanceId, DateTime? fireAt)
    {
        var action = new ReplayAction(_next++, name, JsonSerializer.Serialize(input, OrchestrationJson.Options), instanceId, fireAt);
        if (action.Id < replay.Actions.Count)
        {
            Assert.Equal(replay.Actions[action.Id], action);
        }
        else
        {
            replay.Actions.Add(action);
        }

        var completion = new TaskCompletionSource<string?>();
        _open.Add(action.Id, completion);
        return (action.Id, completion);
    }

    private sealed class ListLoggerProvider(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

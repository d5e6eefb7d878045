using System.Collections.Concurrent;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Engine;

/// <summary>
/// Runs orchestrations from histories in a SQLite file. A step of an instance is: read what has come in, run the code up to where
/// it waits again, and write both down in one transaction; only then is anything set going. README.md beside this file has the
/// tables, the algorithm and what happens when the process ends at any point of it.
/// </summary>
internal sealed class OrchestrationEngine : IOrchestrationClient, IHostedService, IAsyncDisposable
{
    /// <summary>How much of an inbox one step takes at most.</summary>
    public const int MaxMessagesAStep = 1_000;

    /// <summary>How long a step that could not be written waits until it is tried again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly OrchestrationRegistry _registry;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly EngineStore _store;
    private readonly Mailboxes _mailboxes = new();
    private readonly TimerQueue _timers;
    private readonly ActivityRunner _activities;
    private readonly LiveRuns _live;
    private readonly ConcurrentDictionary<string, bool> _foreign = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Task _steps = Task.CompletedTask;
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    /// <summary>Opens the file; nothing runs before <see cref="StartAsync(CancellationToken)"/>.</summary>
    /// <param name="path">Path of the engine's file; its folder exists.</param>
    /// <param name="registry">The orchestrators and activities.</param>
    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Makes the engine's and the orchestrators' loggers.</param>
    public OrchestrationEngine(
        string path, OrchestrationRegistry registry, EngineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        (_registry, _options, _time, _loggers) = (registry, options, time, loggers);
        _logger = loggers.CreateLogger<OrchestrationEngine>();
        _store = new EngineStore(path, options.TransactionObserver);
        _live = new LiveRuns(options.MaxLiveInstances);
        _timers = new TimerQueue(time, timer => _mailboxes.Add(timer.InstanceId, new Message(
            InboxId: null, timer.Execution, new HistoryEvent(HistoryEventKind.TimerFired, timer.Due) { Task = timer.Task })));
        _activities = new ActivityRunner(registry, time, _logger, (work, ended) =>
            _mailboxes.Add(work.InstanceId, new Message(InboxId: null, work.Execution, ended)));
    }

    /// <summary>An instance was started, took a step, or ended; raised after the commit, on the engine's own thread.</summary>
    public event EventHandler<OrchestrationChangedEventArgs>? Changed;

    /// <summary>Takes up what is in the file and begins to run it.</summary>
    /// <param name="cancellationToken">Not used: nothing here waits.</param>
    /// <returns>A completed task.</returns>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (woken, activities, timers) = (_store.ReadWoken(), _store.ReadActivities(), _store.ReadTimers());
        _logger.EngineStarted(woken.Count, activities.Count, timers.Count);
        woken.ForEach(_mailboxes.Wake);
        activities.ForEach(_activities.Add);
        _timers.Add(timers);
        _steps = Task.Run(StepLoopAsync, CancellationToken.None);
        _running = _activities.RunAsync(_options.MaxConcurrentActivities, _stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Stops: the step that is being taken is finished, activities are asked to stop and run again at the next start.</summary>
    /// <param name="cancellationToken">Stops waiting for activities.</param>
    /// <returns>A task that completes when nothing runs any more.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_steps, _running).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> StartAsync(string name, string instanceId, object input, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        InstanceIds.Check(instanceId);
        var started = await _store.StartAsync(instanceId, name, EngineJson.Write(input), Now(), cancellationToken);
        if (started)
        {
            _logger.InstanceStarted(name, instanceId);
            _mailboxes.Wake(instanceId);
            RaiseChanged(instanceId, name, OrchestrationState.Running);
        }

        return started;
    }

    /// <inheritdoc/>
    public async Task RaiseEventAsync(string instanceId, string eventName, object payload, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        if (await _store.RaiseAsync(instanceId, eventName, EngineJson.Write(payload), Now(), cancellationToken))
        {
            _mailboxes.Wake(instanceId);
        }
        else
        {
            _logger.EventDropped(eventName, instanceId);
        }
    }

    /// <summary>Reads the status of an instance.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <returns>Its status, or null if there is none of that id.</returns>
    public OrchestrationStatus? Get(string instanceId) => _store.ReadStatus(instanceId).FirstOrDefault();

    /// <summary>Reads the status of all instances.</summary>
    /// <returns>The status of each, oldest first.</returns>
    public IReadOnlyList<OrchestrationStatus> List() => _store.ReadStatus(instanceId: null);

    /// <summary>Reads the history of an instance.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <returns>Its entries in order; empty if there is none of that id.</returns>
    public IReadOnlyList<HistoryEvent> ReadHistory(string instanceId) => _store.ReadHistory(instanceId);

    /// <summary>Waits until an instance has ended.</summary>
    /// <param name="instanceId">The instance; it may be started later.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its status then.</returns>
    public async Task<OrchestrationStatus> WaitForCompletionAsync(string instanceId, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnChanged(object? sender, OrchestrationChangedEventArgs change)
        {
            if (change.InstanceId == instanceId && change.State != OrchestrationState.Running)
            {
                ended.TrySetResult();
            }
        }

        Changed += OnChanged;
        try
        {
            while (true)
            {
                if (Get(instanceId) is { State: not OrchestrationState.Running } status)
                {
                    return status;
                }

                await ended.Task.WaitAsync(cancellationToken);
                ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
        finally
        {
            Changed -= OnChanged;
        }
    }

    /// <summary>Deletes instances that ended before a time, with their histories.</summary>
    /// <param name="endedBefore">The time.</param>
    /// <param name="cancellationToken">Stops waiting for the turn.</param>
    /// <returns>How many were deleted.</returns>
    public async Task<int> PurgeAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var purged = await _store.PurgeAsync(endedBefore.UtcDateTime, cancellationToken);
        _logger.Purged(purged);
        return purged;
    }

    /// <summary>Lets go of the file. Activities that do not stop when asked are not waited for: they cannot write anything any more.</summary>
    /// <returns>A task that completes when the file is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stopping.CancelAsync();
        await _steps;
        _timers.Dispose();
        _store.Dispose();
        _stopping.Dispose();
    }

    private async Task StepLoopAsync()
    {
        try
        {
            while (true)
            {
                await StepSafelyAsync(await _mailboxes.NextAsync(_stopping.Token));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Everything that has not been dealt with is in the file.
        }
    }

    private async Task StepSafelyAsync(string instanceId)
    {
        try
        {
            await StepAsync(instanceId);
        }
#pragma warning disable CA1031 // Whatever prevents a step (a full disk, say) must neither lose it nor end the engine.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.StepNotWritten(exception, instanceId, RetryDelay);
            _ = WakeLaterAsync(instanceId);
        }
    }

    private async Task WakeLaterAsync(string instanceId)
    {
        try
        {
            await Task.Delay(RetryDelay, _time, _stopping.Token);
            _mailboxes.Wake(instanceId);
        }
        catch (OperationCanceledException)
        {
            // The next start wakes it.
        }
    }

    private async Task StepAsync(string instanceId)
    {
        var (instance, inbox) = _store.ReadInstance(instanceId, MaxMessagesAStep);
        var memory = _mailboxes.Peek(instanceId);
        var messages = MessageOrder.Merge(inbox, memory);
        var incoming = instance is { State: OrchestrationState.Running }
            ? messages.Where(message => message.Execution is null || message.Execution == instance.Execution)
                .Select(message => message.Content).ToList()
            : [];
        if (instance is not null && (incoming.Count > 0 || IsStoppedByForeignTask(instance)))
        {
            await StepAsync(instance, messages, incoming);
        }
        else if (messages.Count > 0)
        {
            await _store.DiscardAsync(instanceId, messages);
            _logger.MessagesDropped(messages.Count, instanceId);
        }

        _mailboxes.Remove(instanceId, memory.Count);
        if (inbox.Count == MaxMessagesAStep)
        {
            _mailboxes.Wake(instanceId);
        }
    }

    private async Task StepAsync(InstanceRow instance, List<Message> messages, List<HistoryEvent> incoming)
    {
        // Never before the last step, and never before what came in was due, whatever the system's clock does.
        var at = incoming.Select(entry => entry.At).Append(instance.UpdatedAt).Append(Now()).Max();
        var (run, outcome) = Advance(instance, at, incoming);
        var effects = await _store.CommitAsync(new StepCommit(instance, at, messages, incoming, outcome));

        if (run is not null && !outcome.IsEnded && !_options.ReplayEveryStep)
        {
            _live.Put(instance.InstanceId, instance.Execution, run);
        }

        SetGoing(instance, effects, outcome);
        Report(instance, incoming.Count, outcome);
    }

    private (OrchestratorRun? Run, StepOutcome Outcome) Advance(InstanceRow instance, DateTime at, List<HistoryEvent> incoming)
    {
        var run = _live.Take(instance.InstanceId, instance.Execution);
        if (IsStoppedByForeignTask(instance))
        {
            var foreign = new ForeignTaskException(instance.Name, instance.InstanceId);
            return (null, new StepOutcome { Failure = foreign, CustomStatus = instance.CustomStatus });
        }

        if (run is null)
        {
            OrchestratorFunction function;
            try
            {
                function = _registry.Orchestrator(instance.Name);
            }
            catch (UnknownTaskException exception)
            {
                return (null, new StepOutcome { Failure = exception, CustomStatus = instance.CustomStatus });
            }

            run = new OrchestratorRun(function, instance, _loggers, compareStrictly: _options.ReplayEveryStep, () =>
            {
                _foreign[instance.Execution] = true;
                _mailboxes.Wake(instance.InstanceId);
            });
            if (run.Replay(_store.ReadHistory(instance.InstanceId)) is { } obstacle)
            {
                return (null, new StepOutcome { Failure = obstacle, CustomStatus = instance.CustomStatus });
            }
        }

        return (run, run.Advance(at, incoming));
    }

    private bool IsStoppedByForeignTask(InstanceRow instance) =>
        instance.State == OrchestrationState.Running && _foreign.ContainsKey(instance.Execution);

    private void SetGoing(InstanceRow instance, StepEffects effects, StepOutcome outcome)
    {
        effects.Activities.ForEach(_activities.Add);
        effects.CancelledTimers.ForEach(_timers.Remove);
        if (outcome.IsEnded)
        {
            _timers.RemoveAll(instance.Execution);
            _foreign.TryRemove(instance.Execution, out _);
        }
        else
        {
            // A timer that was made and cancelled in the same step never gets this far.
            _timers.Add([.. effects.Timers.Where(timer => !effects.CancelledTimers.Exists(cancelled => cancelled.Task == timer.Task))]);
        }

        effects.Woken.ForEach(_mailboxes.Wake);
    }

    private void Report(InstanceRow instance, int incoming, StepOutcome outcome)
    {
        var state = OrchestrationState.Running;
        _logger.StepTaken(instance.Name, instance.InstanceId, incoming, outcome.Actions.Count);
        if (outcome.Failure is NonDeterministicOrchestrationException or ForeignTaskException or UnknownTaskException)
        {
            _logger.InstanceCannotGoOn(outcome.Failure, instance.Name, instance.InstanceId);
            state = OrchestrationState.Failed;
        }
        else if (outcome.Failure is not null)
        {
            _logger.InstanceFailed(outcome.Failure, instance.Name, instance.InstanceId);
            state = OrchestrationState.Failed;
        }
        else if (outcome.IsCompleted)
        {
            _logger.InstanceCompleted(instance.Name, instance.InstanceId);
            state = OrchestrationState.Completed;
        }

        RaiseChanged(instance.InstanceId, instance.Name, state);
    }

    private void RaiseChanged(string instanceId, string name, OrchestrationState state)
    {
        try
        {
            Changed?.Invoke(this, new OrchestrationChangedEventArgs(instanceId, name, state));
        }
#pragma warning disable CA1031 // A follower's mistake must not end the engine.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _logger.ChangeHandlerThrew(exception);
        }
    }

    private DateTime Now() => _time.GetUtcNow().UtcDateTime;
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Engine;

/// <summary>
/// The context of one run of an orchestrator. What the code does is either new and goes into the history, or, in replay, is
/// compared with what the history has at that place.
/// </summary>
internal sealed class ReplayingContext : OrchestrationContext
{
    /// <summary>Longest custom status, in bytes of UTF-16, as in Durable Functions.</summary>
    public const int MaxCustomStatusBytes = 16 * 1024;

    private readonly string _name;
    private readonly string _execution;
    private readonly StepScheduler _scheduler;
    private readonly ILoggerFactory _loggers;
    private readonly bool _compareStrictly;
    private readonly Dictionary<int, OpenTask> _open = [];
    private readonly EventQueues _events = new();
    private List<HistoryEvent> _actions = [];
    private IReadOnlyList<HistoryEvent>? _recorded;
    private DateTime _now;
    private int _step;
    private int _position;
    private int _tasks;
    private int _identifiers;

    /// <summary>Makes the context of a run that has not begun.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="scheduler">Where its continuations run.</param>
    /// <param name="loggers">Makes its loggers.</param>
    /// <param name="compareStrictly">Whether replay compares inputs and due times too.</param>
    public ReplayingContext(InstanceRow instance, StepScheduler scheduler, ILoggerFactory loggers, bool compareStrictly)
    {
        (InstanceId, _name, _execution) = (instance.InstanceId, instance.Name, instance.Execution);
        (_scheduler, _loggers, _compareStrictly) = (scheduler, loggers, compareStrictly);
        CustomStatus = instance.CustomStatus;
    }

    /// <inheritdoc/>
    public override string InstanceId { get; }

    /// <inheritdoc/>
    public override DateTime CurrentUtcDateTime => _now;

    /// <inheritdoc/>
    public override bool IsReplaying => _recorded is not null;

    /// <summary>What the code did in this step, when it is new.</summary>
    public IReadOnlyList<HistoryEvent> Actions => _actions;

    /// <summary>The custom status as JSON.</summary>
    public string? CustomStatus { get; private set; }

    /// <summary>Where the code first left its history; null: it has not.</summary>
    public NonDeterministicOrchestrationException? Divergence { get; private set; }

    /// <summary>How the code asked to go on anew; null: it did not.</summary>
    public Continuation? Continuation { get; private set; }

    /// <summary>Whether anything is open that can complete the code's wait.</summary>
    public bool HasOpenTasks => _open.Count > 0 || _events.OpenWaits > 0;

    /// <summary>Begins a step.</summary>
    /// <param name="at">Its time.</param>
    /// <param name="recorded">What the history says the code did in it; null: the step is new.</param>
    public void BeginStep(DateTime at, IReadOnlyList<HistoryEvent>? recorded)
    {
        (_now, _recorded, _position, _actions) = (at, recorded, 0, []);
        _step++;
    }

    /// <summary>Ends a replayed step: finds out whether the code did less than the history says.</summary>
    public void EndReplayedStep()
    {
        if (_recorded is { } recorded && _position < recorded.Count)
        {
            Diverge(recorded[_position].Describe(), "nothing more");
        }
    }

    /// <summary>Notes that the code left its history.</summary>
    /// <param name="history">What the history has, in words.</param>
    /// <param name="code">What the code did, in words.</param>
    /// <returns>The first divergence noted.</returns>
    public NonDeterministicOrchestrationException Diverge(string history, string code) =>
        Divergence ??= new NonDeterministicOrchestrationException(
            $"{_name} ({InstanceId}) leaves its history at step {_step}, action {_position + 1}: the history has {history}, the code did {code}.");

    /// <summary>Hands over what came in.</summary>
    /// <param name="incoming">What came in; not the start.</param>
    public void Deliver(HistoryEvent incoming)
    {
        if (incoming.Kind == HistoryEventKind.EventRaised)
        {
            DeliverEvent(incoming);
        }
        else if (_open.Remove(incoming.Task!.Value, out var open))
        {
            // What is not open any more is a timer that was cancelled after it was due: nothing waits for it.
            if (incoming.ErrorType is { } errorType)
            {
                open.Fail(errorType, incoming.ErrorMessage ?? "");
            }
            else
            {
                open.Complete(incoming.Payload);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var payload = EngineJson.Write(input);
        return WithRetry(options?.Retry, attempt => Call<TResult>(name, new HistoryEvent(HistoryEventKind.ActivityScheduled, _now)
        {
            Name = name,
            Payload = payload,
            Attempt = attempt,
        }));
    }

    /// <inheritdoc/>
    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        string name, string instanceId, object? input = null, TaskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        InstanceIds.Check(instanceId);
        if (instanceId == InstanceId)
        {
            throw new ArgumentException($"{_name} ({InstanceId}) cannot be its own sub-orchestration.", nameof(instanceId));
        }

        var payload = EngineJson.Write(input);
        return WithRetry(options?.Retry, attempt => Call<TResult>(name, new HistoryEvent(HistoryEventKind.SubOrchestrationScheduled, _now)
        {
            Name = name,
            Child = instanceId,
            Payload = payload,
            Attempt = attempt,
        }));
    }

    /// <inheritdoc/>
    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var source = new TaskCompletionSource();
        CancellationTokenRegistration registration = default;
        var timer = AddTimer(fireAt, () =>
        {
            registration.Dispose();
            source.TrySetResult();
        });
        registration = cancellationToken.Register(() =>
        {
            // A cancellation from another thread must not throw there; the step notes it and fails the instance.
            if (!_scheduler.IsInStep)
            {
                _scheduler.NoteForeignTask();
            }
            else if (CancelTimer(timer))
            {
                source.TrySetCanceled(cancellationToken);
            }
        });
        return source.Task;
    }

    /// <inheritdoc/>
    public override Task<TEvent> WaitForExternalEvent<TEvent>(string eventName, TimeSpan timeout)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        CheckInStep();
        var call = new OpenCall<TEvent>(eventName);
        if (_events.TakeEarly(eventName) is { } early)
        {
            call.Complete(early.Payload);
            return call.Task;
        }

        var wait = new EventWait(eventName, call);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            wait.Timer = AddTimer(_now + timeout, () =>
            {
                _events.Remove(wait);
                call.Cancel();
            });
        }

        _events.Add(wait);
        return call.Task;
    }

    /// <inheritdoc/>
    public override Guid NewGuid()
    {
        CheckInStep();
        var seed = Encoding.UTF8.GetBytes($"{InstanceId}\n{_execution}\n");
        Span<byte> counter = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(counter, _identifiers++);

        // RFC 9562, 5.8: version 8 leaves the bits to the maker; here they are a hash of what makes the place unique.
        var bytes = SHA256.HashData([.. seed, .. counter]).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <inheritdoc/>
    public override void SetCustomStatus(object? customStatus)
    {
        CheckInStep();
        var json = EngineJson.Write(customStatus);
        if (json?.Length * sizeof(char) > MaxCustomStatusBytes)
        {
            throw new ArgumentException(
                $"The custom status takes {json!.Length * sizeof(char)} bytes of UTF-16; at most {MaxCustomStatusBytes} are allowed.",
                nameof(customStatus));
        }

        CustomStatus = json;
    }

    /// <inheritdoc/>
    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        CheckInStep();
        Continuation = new Continuation(EngineJson.Write(newInput), preserveUnprocessedEvents ? _events : null);
    }

    /// <inheritdoc/>
    public override ILogger CreateReplaySafeLogger<TCategory>() => new ReplaySafeLogger(this, _loggers.CreateLogger<TCategory>());

    private async Task<TResult> WithRetry<TResult>(RetryPolicy policy, Func<int?, Task<TResult>> call, int attempts)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(attempt);
            }
            catch (TaskFailedException exception) when (attempt < attempts && IsWorthRetrying(exception))
            {
                // Waits below: the interval is counted from the step in which the failure arrived.
            }

            await CreateTimer(_now + policy.IntervalAfter(attempt), CancellationToken.None);
        }
    }

    private Task<TResult> WithRetry<TResult>(RetryPolicy? policy, Func<int?, Task<TResult>> call) =>
        policy is null ? call(null) : WithRetry(policy, call, policy.MaxNumberOfAttempts);

    private static bool IsWorthRetrying(TaskFailedException exception) =>
        exception.ErrorType != typeof(UnknownTaskException).FullName
        && exception.ErrorType != typeof(NonDeterministicOrchestrationException).FullName
        && exception.ErrorType != typeof(ForeignTaskException).FullName;

    private Task<TResult> Call<TResult>(string name, HistoryEvent action)
    {
        var call = new OpenCall<TResult>(name);
        Add(action, call);
        return call.Task;
    }

    private int AddTimer(DateTime fireAt, Action whenFired) =>
        Add(new HistoryEvent(HistoryEventKind.TimerCreated, _now) { Due = AsUtc(fireAt) }, new OpenTimer(whenFired));

    private int Add(HistoryEvent action, OpenTask open)
    {
        Act(action with { Task = _tasks });
        _open.Add(_tasks, open);
        return _tasks++;
    }

    private bool CancelTimer(int timer)
    {
        if (!_open.Remove(timer))
        {
            return false;
        }

        Act(new HistoryEvent(HistoryEventKind.TimerCancelled, _now) { Task = timer });
        return true;
    }

    private void Act(HistoryEvent action)
    {
        CheckInStep();
        if (_recorded is null)
        {
            _actions.Add(action);
            return;
        }

        if (_position >= _recorded.Count)
        {
            throw Diverge("nothing more", action.Describe());
        }

        if (!_recorded[_position].IsSameAction(action, _compareStrictly))
        {
            throw Diverge(_recorded[_position].Describe(), action.Describe());
        }

        _position++;
    }

    private void DeliverEvent(HistoryEvent raised)
    {
        if (_events.Match(raised) is { } wait)
        {
            if (wait.Timer is { } timer)
            {
                CancelTimer(timer);
            }

            wait.Call.Complete(raised.Payload);
        }
    }

    private void CheckInStep()
    {
        if (!_scheduler.IsInStep)
        {
            _scheduler.NoteForeignTask();
            throw new InvalidOperationException($"{_name} ({InstanceId}) uses its context from outside its own code.");
        }
    }

    private static DateTime AsUtc(DateTime time) =>
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
}

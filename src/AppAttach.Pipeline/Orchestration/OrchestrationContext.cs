using Microsoft.Extensions.Logging;

namespace AppAttach.Pipeline.Orchestration;

/// <summary>
/// What an orchestrator may do, with the names and semantics of Durable Functions' <c>TaskOrchestrationContext</c>. Each host
/// implements it: Functions over that very class, Embedded over its own history in SQLite. An orchestrator is run again from
/// its history each time something it waits for completes, so it may only await tasks of this context, and read the clock,
/// identifiers and settings from here or from its input.
/// </summary>
public abstract class OrchestrationContext
{
    /// <summary>Identifies this run of the orchestrator.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The time (UTC) of the event that is being worked on: the same on every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code that runs now has run before.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Runs an activity, at least once, and gives its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="name">The activity's class name.</param>
    /// <param name="input">Its input; written to the history as JSON.</param>
    /// <param name="options">How to retry; null: not.</param>
    /// <returns>The result, as read back from the history.</returns>
    /// <exception cref="TaskFailedException">It failed, the last retry too.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <summary>Runs another orchestrator with a history of its own and gives its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="name">The orchestrator's class name.</param>
    /// <param name="instanceId">Its instance id.</param>
    /// <param name="input">Its input; written to the history as JSON.</param>
    /// <param name="options">How to retry; null: not.</param>
    /// <returns>The result, as read back from the history.</returns>
    /// <exception cref="TaskFailedException">It failed, the last retry too.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(string name, string instanceId, object? input = null, TaskOptions? options = null);

    /// <summary>Completes at a time, which survives restarts.</summary>
    /// <param name="fireAt">The time, UTC.</param>
    /// <param name="cancellationToken">Cancels the timer; made from a source that the orchestrator holds.</param>
    /// <returns>A task that completes at that time.</returns>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for an event raised to this instance. Names ignore case. Events that come early are kept; several of one name are a
    /// queue, and each completes one wait. Delivery is at least once: an event carries its own id.
    /// </summary>
    /// <typeparam name="TEvent">Type of the event's content.</typeparam>
    /// <param name="eventName">The event's name.</param>
    /// <param name="timeout">How long to wait at most; <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <returns>The event's content.</returns>
    /// <exception cref="TaskCanceledException">The time is over.</exception>
    public abstract Task<TEvent> WaitForExternalEvent<TEvent>(string eventName, TimeSpan timeout);

    /// <summary>A new identifier, the same on every replay.</summary>
    /// <returns>The identifier.</returns>
    public abstract Guid NewGuid();

    /// <summary>Says to people and the API where this instance stands.</summary>
    /// <param name="customStatus">Written as JSON; at most 16 KB in UTF-16.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Ends this run and starts the orchestrator anew with an empty history.</summary>
    /// <param name="newInput">Input of the new run.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that nothing has waited for go on to the new run.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>A logger that is silent during replay.</summary>
    /// <typeparam name="TCategory">Category of the logger.</typeparam>
    /// <returns>The logger.</returns>
    public abstract ILogger CreateReplaySafeLogger<TCategory>();
}

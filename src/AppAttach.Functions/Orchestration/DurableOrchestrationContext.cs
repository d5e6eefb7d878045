using AppAttach.Pipeline.Orchestration;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Durable = Microsoft.DurableTask;
using RetryPolicy = AppAttach.Pipeline.Orchestration.RetryPolicy;
using TaskFailedException = AppAttach.Pipeline.Orchestration.TaskFailedException;
using TaskOptions = AppAttach.Pipeline.Orchestration.TaskOptions;

namespace AppAttach.Functions.Orchestration;

/// <summary>
/// The pipeline's orchestration context over Durable Functions' own. Names and semantics are the same, so only types are mapped;
/// nothing is awaited here but Durable's tasks.
/// </summary>
/// <param name="context">Durable's context of one run of an orchestrator.</param>
internal sealed class DurableOrchestrationContext(TaskOrchestrationContext context) : OrchestrationContext
{
    /// <inheritdoc/>
    public override string InstanceId => context.InstanceId;

    /// <inheritdoc/>
    public override DateTime CurrentUtcDateTime => context.CurrentUtcDateTime;

    /// <inheritdoc/>
    public override bool IsReplaying => context.IsReplaying;

    /// <inheritdoc/>
    public override Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null) =>
        MapFailure(context.CallActivityAsync<TResult>(name, input, new Durable.TaskOptions(ToDurable(options?.Retry))));

    /// <inheritdoc/>
    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        string name,
        string instanceId,
        object? input = null,
        TaskOptions? options = null) =>
        MapFailure(context.CallSubOrchestratorAsync<TResult>(
            name, input, new SubOrchestrationOptions(ToDurable(options?.Retry), instanceId)));

    /// <inheritdoc/>
    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        context.CreateTimer(fireAt, cancellationToken);

    /// <inheritdoc/>
    public override Task<TEvent> WaitForExternalEvent<TEvent>(string eventName, TimeSpan timeout) =>
        // Durable makes a timer of every timeout, and one of -1 ms is over at once.
        timeout == Timeout.InfiniteTimeSpan
            ? context.WaitForExternalEvent<TEvent>(eventName, CancellationToken.None)
            : context.WaitForExternalEvent<TEvent>(eventName, timeout);

    /// <inheritdoc/>
    public override Guid NewGuid() => context.NewGuid();

    /// <inheritdoc/>
    public override void SetCustomStatus(object? customStatus) => context.SetCustomStatus(customStatus);

    /// <inheritdoc/>
    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        context.ContinueAsNew(newInput, preserveUnprocessedEvents);

    /// <inheritdoc/>
    public override ILogger CreateReplaySafeLogger<TCategory>() => context.CreateReplaySafeLogger<TCategory>();

    private static TaskRetryOptions? ToDurable(RetryPolicy? retry) => retry is null ? null : TaskRetryOptions.FromRetryPolicy(
        new Durable.RetryPolicy(retry.MaxNumberOfAttempts, retry.FirstRetryInterval, retry.BackoffCoefficient, retry.MaxRetryInterval));

    private static async Task<TResult> MapFailure<TResult>(Task<TResult> task)
    {
        try
        {
            return await task;
        }
        catch (Durable.TaskFailedException e)
        {
            throw new TaskFailedException(e.TaskName, e.FailureDetails.ErrorType, e.FailureDetails.ErrorMessage);
        }
    }
}

using AppAttach.Pipeline.Orchestration;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Orchestration;

/// <summary>
/// The pipeline's orchestration client over Durable Functions' own. The worker gives the latter to a function as a binding, not to
/// services; so each function says first which one it was given, and that holds for the work it does, nothing beside it.
/// </summary>
public sealed class DurableOrchestrationClient : IOrchestrationClient
{
    /// <summary>Every state an instance can be in: one that ended is not to be started again either.</summary>
    private static readonly OrchestrationRuntimeStatus[] EveryStatus =
    [
        OrchestrationRuntimeStatus.Pending,
        OrchestrationRuntimeStatus.Running,
        OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Completed,
        OrchestrationRuntimeStatus.Failed,
        OrchestrationRuntimeStatus.Terminated,
    ];

    private readonly AsyncLocal<DurableTaskClient?> _client = new();

    private DurableTaskClient Client => _client.Value
        ?? throw new InvalidOperationException("A function that starts orchestrations takes a [DurableClient] and passes it on first.");

    /// <summary>Does a function's work with the client that the function was given.</summary>
    /// <typeparam name="TResult">Type of the work's result.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="work">The work.</param>
    /// <returns>Its result.</returns>
    public async Task<TResult> UseAsync<TResult>(DurableTaskClient client, Func<Task<TResult>> work)
    {
        // What an async method sets here is gone again when it returns.
        _client.Value = client;
        return await work();
    }

    /// <inheritdoc/>
    public async Task<bool> StartAsync(string name, string instanceId, object input, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(instanceId, cancellationToken))
        {
            return false;
        }

        try
        {
            // Both checks are needed: the first costs a read and answers nearly every repetition; the second closes the gap after it.
            var options = new StartOrchestrationOptions(instanceId).WithDedupeStatuses(EveryStatus);
            await Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // How a refusal is told differs from one storage provider to the next; whether the instance is there does not.
            if (await ExistsAsync(instanceId, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task RaiseEventAsync(string instanceId, string eventName, object payload, CancellationToken cancellationToken) =>
        Client.RaiseEventAsync(instanceId, eventName, payload, cancellationToken);

    private async Task<bool> ExistsAsync(string instanceId, CancellationToken cancellationToken) =>
        await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellationToken) is not null;
}

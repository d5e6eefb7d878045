using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Tests.Orchestration;

/// <summary>Durable's client with instances in memory; it refuses an instance id in one of the statuses that the caller names.</summary>
internal sealed class FakeDurableTaskClient() : DurableTaskClient("fake")
{
    /// <summary>What was started, by instance id.</summary>
    public Dictionary<string, (string Name, object? Input)> Started { get; } = [];

    /// <summary>Instances and their status.</summary>
    public Dictionary<string, OrchestrationRuntimeStatus> Instances { get; } = [];

    /// <summary>What was raised.</summary>
    public List<(string InstanceId, string EventName, object? Payload)> Raised { get; } = [];

    /// <summary>Runs before an instance is started: someone else may be faster.</summary>
    public Action BeforeStart { get; set; } = () => { };

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        BeforeStart();
        var id = options!.InstanceId!;
        if (Instances.TryGetValue(id, out var status) && options.DedupeStatuses!.Contains(status.ToString()))
        {
            throw new InvalidOperationException($"An orchestration with the instance id {id} exists.");
        }

        Instances[id] = OrchestrationRuntimeStatus.Pending;
        Started[id] = (orchestratorName, input);
        return Task.FromResult(id);
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) =>
        Task.FromResult(Instances.TryGetValue(instanceId, out var status)
            ? new OrchestrationMetadata("any", instanceId) { RuntimeStatus = status }
            : null);

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        Raised.Add((instanceId, eventName, eventPayload));
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException();

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Where a rollout stands.</summary>
/// <param name="InstanceId">Its instance id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Hosts">How far each host has come.</param>
public sealed record RecordRolloutInput(string InstanceId, RolloutState State, IReadOnlyList<RolloutHost> Hosts);

/// <summary>It is recorded.</summary>
public sealed record RecordRolloutResult;

/// <summary>Writes where a rollout stands, and tells other systems when it has ended.</summary>
/// <param name="catalog">Holds the rollouts.</param>
/// <param name="events">Takes the event.</param>
/// <param name="clock">The clock.</param>
public sealed class RecordRolloutActivity(ICatalog catalog, IEventSender events, TimeProvider clock)
    : IActivity<RecordRolloutInput, RecordRolloutResult>
{
    /// <inheritdoc/>
    public async Task<RecordRolloutResult> RunAsync(RecordRolloutInput input, CancellationToken cancellationToken)
    {
        var rollout = await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.InstanceId,
            current => current! with { State = input.State, Hosts = input.Hosts, UpdatedAt = clock.GetUtcNow() },
            cancellationToken);
        if (input.State == RolloutState.Running)
        {
            return new RecordRolloutResult();
        }

        var done = input.Hosts.Count(host => host.Progress == HostProgress.Registered);
        await events.SendAsync(
            input.State == RolloutState.Completed ? MessageTypes.RolloutCompleted : MessageTypes.RolloutFailed,
            input.InstanceId + "-end",
            new PipelineEvent
            {
                Package = rollout.Package,
                Pool = rollout.Pool,
                Code = input.Hosts.FirstOrDefault(host => host.Code is not null)?.Code,
                Message = $"{rollout.Package.FullName} is registered on {done} of {input.Hosts.Count} hosts of {rollout.Pool}.",
            },
            cancellationToken);
        return new RecordRolloutResult();
    }
}

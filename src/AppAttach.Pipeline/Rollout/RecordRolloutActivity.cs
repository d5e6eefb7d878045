using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Where a rollout stands.</summary>
/// <param name="InstanceId">Its instance id.</param>
/// <param name="Package">The package.</param>
/// <param name="Pool">The pool.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Hosts">How far each host has come.</param>
public sealed record RecordRolloutInput(
    string InstanceId,
    PackageReference Package,
    string Pool,
    RolloutState State,
    IReadOnlyList<RolloutHost> Hosts);

/// <summary>It is recorded.</summary>
public sealed record RecordRolloutResult;

/// <summary>Writes where a rollout stands, and tells other systems when it has ended.</summary>
/// <param name="catalog">Holds the rollouts.</param>
/// <param name="events">Takes the event.</param>
/// <param name="clock">The clock.</param>
public sealed class RecordRolloutActivity(ICatalog catalog, IEventSender events, TimeProvider clock)
    : IActivity<RecordRolloutInput, RecordRolloutResult>
{
    /// <summary>How many failed hosts the event's message names; the catalog has all of them.</summary>
    private const int HostsNamed = 5;

    /// <inheritdoc/>
    public async Task<RecordRolloutResult> RunAsync(RecordRolloutInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await catalog.UpdateAsync<RolloutRecord>(
            DocumentKinds.Rollouts,
            input.InstanceId,
            current => new RolloutRecord
            {
                Id = input.InstanceId,
                Package = input.Package,
                Pool = input.Pool,
                State = input.State,
                Hosts = input.Hosts,
                StartedAt = current?.StartedAt ?? now,
                UpdatedAt = now,
            },
            cancellationToken);
        if (input.State != RolloutState.Running)
        {
            await events.SendAsync(
                input.State == RolloutState.Completed ? MessageTypes.RolloutCompleted : MessageTypes.RolloutFailed,
                input.InstanceId + "-end",
                new PipelineEvent
                {
                    Package = input.Package,
                    Pool = input.Pool,
                    Code = input.Hosts.FirstOrDefault(host => host.Code is not null)?.Code,
                    Message = Describe(input),
                },
                cancellationToken);
        }

        return new RecordRolloutResult();
    }

    private static string Describe(RecordRolloutInput input)
    {
        if (input.Hosts.Count == 0)
        {
            return $"{input.Package.FullName} went to no host: none of {input.Pool} has said hello yet. A host that does gets it then.";
        }

        var failed = input.Hosts.Where(host => host.Progress != HostProgress.Registered).ToList();
        var message = $"{input.Package.FullName} is registered on {input.Hosts.Count - failed.Count} of {input.Hosts.Count} hosts of {input.Pool}";
        if (failed.Count == 0)
        {
            return message + ".";
        }

        var named = string.Join(", ", failed.Take(HostsNamed).Select(host => $"{host.Host} ({host.Code})"));
        return $"{message}; not on {named}{(failed.Count > HostsNamed ? $" and {failed.Count - HostsNamed} more" : "")}.";
    }
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Which ring was watched long enough.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Ring">Number of the ring.</param>
public sealed record EndSoakInput(string RolloutId, string Pool, int Ring);

/// <summary>Looks at what a ring's hosts have said since they registered the release, and holds them against the gate once more.</summary>
/// <param name="catalog">Holds the hosts.</param>
/// <param name="fleet">Reads batches.</param>
/// <param name="rings">Holds rings against their gates.</param>
public sealed class EndSoakActivity(ICatalog catalog, FleetReader fleet, RingJudge rings) : IActivity<EndSoakInput, EndPhaseResult>
{
    /// <inheritdoc/>
    public async Task<EndPhaseResult> RunAsync(EndSoakInput input, CancellationToken cancellationToken)
    {
        var rollout = await rings.ReadAsync(input.RolloutId, cancellationToken);
        var since = rollout.Rings[input.Ring].Since ?? rollout.StartedAt;
        var hosts = (await fleet.HostsAsync(input.Pool, rollout.Package.FamilyName, cancellationToken)).ToDictionary(host => host.Hello.Host, StringComparer.OrdinalIgnoreCase);
        foreach (var batch in await fleet.BatchesAsync(rollout, input.Ring, cancellationToken))
        {
            await catalog.UpdateAsync<RolloutBatch>(
                DocumentKinds.RolloutHosts,
                RolloutBatch.KeyOf(input.RolloutId, input.Ring, batch.Batch),
                current => (current ?? batch) with
                {
                    Hosts = [.. (current ?? batch).Hosts.Select(host => Look(host, hosts.GetValueOrDefault(host.Host), rollout.Package.FullName, since))],
                },
                cancellationToken);
        }

        return new EndPhaseResult(await rings.JudgeAsync(
            rollout, input.Pool, input.Ring, HostProgress.Registered, RingPhase.Passed, cancellationToken));
    }

    private static RolloutHost Look(RolloutHost host, HostRecord? record, string packageFullName, DateTimeOffset since) =>
        host.Progress == HostProgress.Registered
        && record is not null
        && record.LastSeenAt > since
        && !record.Hello.Inventory.Any(item => item.PackageFullName == packageFullName && item.IsMounted)
            ? host with { Progress = HostProgress.Failed, Code = ErrorCodes.NotStaged, Message = $"{host.Host} had {packageFullName} and does not have it any more." }
            : host;
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Api.Views;

/// <summary>Shows rollouts.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="fleet">Finds batches.</param>
/// <param name="looks">The fleet.</param>
internal sealed class RolloutViews(ICatalog catalog, FleetReader fleet, FleetLooks looks)
{
    private const int MostExamples = 5;

    /// <summary>Rollouts without their hosts one by one, counted as of now.</summary>
    /// <param name="rollouts">The rollouts.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The summaries, in the same order.</returns>
    public async Task<IReadOnlyList<RolloutSummary>> SummariseAsync(IEnumerable<RolloutRecord> rollouts, CancellationToken cancellationToken)
    {
        var summaries = new List<RolloutSummary>();
        foreach (var rollout in rollouts)
        {
            summaries.Add(await SummariseAsync(rollout, cancellationToken));
        }

        return summaries;
    }

    /// <summary>A rollout's hosts, ring by ring, those it has not reached included, and the failures by code.</summary>
    /// <param name="id">The rollout.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The grid; null: there is no such rollout.</returns>
    public async Task<RolloutGrid?> GridAsync(string id, CancellationToken cancellationToken)
    {
        if ((await catalog.ReadAsync<RolloutRecord>(DocumentKinds.Rollouts, id, cancellationToken))?.Document is not { } rollout)
        {
            return null;
        }

        var reached = new List<RolloutHost>(rollout.Hosts);
        var rings = new List<List<RolloutHost>>();
        for (var ring = 0; ring < rollout.Rings.Count; ring++)
        {
            var hosts = await fleet.HostsOfRingAsync(rollout, ring, cancellationToken);
            rings.Add(hosts);
            reached.AddRange(hosts);
        }

        var known = reached.Select(host => host.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var definitions = rollout.Rings.Select(ring => ring.Definition).ToList();
        var waiting = !rollout.State.IsUnderWay() || definitions.Count == 0
            ? null
            : (await WaitingAsync(rollout, known, cancellationToken)).ToLookup(host => RingMembership.RingOf(host, definitions));
        return new RolloutGrid(
            await SummariseAsync(rollout, cancellationToken),
            [.. rings.Select((hosts, ring) => new RingGrid(
                definitions[ring].Name,
                [.. hosts.Select(host => new HostCell(host.Host, Progress(host), host.Code))
                    .Concat(waiting?[ring].Select(host => new HostCell(host, "waiting", null)) ?? [])
                    .OrderBy(cell => cell.Host, StringComparer.Ordinal)]))],
            [.. reached.Where(host => host.Code is not null).GroupBy(host => host.Code!).OrderByDescending(group => group.Count()).Select(group => new FailureGroup(
                group.Key, group.Count(), group.First().Message ?? "", NextSteps.Of(group.Key), [.. group.Take(MostExamples).Select(host => host.Host)]))]);
    }

    /// <summary>The hosts that a rollout will come to: those of its pool, but for those that have the family from another of their pools.</summary>
    private async Task<List<string>> WaitingAsync(RolloutRecord rollout, HashSet<string> reached, CancellationToken cancellationToken)
    {
        var plans = new Dictionary<string, PoolPlan>(StringComparer.OrdinalIgnoreCase);
        var waiting = new List<string>();
        foreach (var host in (await looks.Hosts.ReadAsync(cancellationToken)).Where(host => host.IsIn(rollout.Pool) && !reached.Contains(host.Host)))
        {
            if (await fleet.IsSuppliedByAsync(rollout.Pool, rollout.Package.FamilyName, host.Host, host.Pools, plans, cancellationToken))
            {
                waiting.Add(host.Host);
            }
        }

        return waiting;
    }

    private async Task<RolloutSummary> SummariseAsync(RolloutRecord rollout, CancellationToken cancellationToken)
    {
        var rings = new List<RolloutRing>();
        foreach (var (number, ring) in rollout.Rings.Index())
        {
            rings.Add(BatchTally.Counts(ring.Phase)
                ? ring with { Tally = BatchTally.Sum(await looks.Batches.ReadAsync(RolloutBatch.KeysOf(rollout.Id, number), cancellationToken), ring.Phase) }
                : ring);
        }

        return Summarise(rollout with { Rings = rings });
    }

    private static RolloutSummary Summarise(RolloutRecord rollout)
    {
        var isUnderWay = rollout.State.IsUnderWay();
        return new RolloutSummary(
            rollout.Id, rollout.Package, rollout.Pool, rollout.State, rollout.Control, rollout.Code, rollout.Message, rollout.RequestedBy, rollout.StartedAt, rollout.UpdatedAt,
            [.. rollout.Rings.Select(ring => new RingSummary(
                ring.Definition.Name, StandingOf(ring.Phase, isUnderWay, rollout.State == RolloutState.Completed), ring.Phase, ring.Since, ring.Definition.Gate,
                ring.Tally.Hosts, ring.Tally.Succeeded, ring.Tally.Failed, ring.Tally.Silent, ring.Tally.Unfit))]);
    }

    private static string Progress(RolloutHost host) => host.Progress == HostProgress.Failed && host.Code == ErrorCodes.NoAnswer
        ? "silent"
        : KebabCaseName.Of(host.Progress);

    private static string StandingOf(RingPhase phase, bool isUnderWay, bool isCompleted) => phase switch
    {
        RingPhase.Passed => "done",
        RingPhase.Waiting => "waiting",
        _ => isUnderWay ? "now" : isCompleted ? "done" : "failed",
    };
}

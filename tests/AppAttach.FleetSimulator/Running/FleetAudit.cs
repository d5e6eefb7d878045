using AppAttach.Contracts;
using AppAttach.FleetSimulator.Hosts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.FleetSimulator.Running;

/// <summary>Holds a fleet against what must be, from what hosts are and saw, and from the catalog's documents; of the pipeline's rules it uses only which ring a host is in.</summary>
/// <param name="folder">The host's data.</param>
/// <param name="fleet">The fleet.</param>
internal sealed class FleetAudit(FleetFolder folder, Fleet fleet)
{
    /// <summary>What keeps the fleet from being at its end: rollouts under way, hosts that have not exactly what the plan of their pool says.</summary>
    /// <returns>A sentence each; empty: it is there.</returns>
    public async Task<IReadOnlyList<string>> FindUnfinishedAsync()
    {
        var open = (await folder.ListAsync<RolloutRecord>(DocumentKinds.Rollouts))
            .Where(rollout => rollout.State is RolloutState.Running or RolloutState.Paused or RolloutState.Halted)
            .Select(rollout => $"The rollout {rollout.Id} of {rollout.Package.FullName} to {rollout.Pool} is {rollout.State}.");
        var plans = (await folder.ListAsync<PoolPlan>(DocumentKinds.Plans)).ToDictionary(plan => plan.Pool, StringComparer.OrdinalIgnoreCase);
        return [.. open, .. fleet.Hosts.SelectMany(host => FindDifferences(host, [.. host.AlsoIn.Prepend(host.Pool).Distinct().Select(plans.GetValueOrDefault).OfType<PoolPlan>()]))];
    }

    /// <summary>What must never be, whatever failed.</summary>
    /// <returns>A sentence each; empty: all is well.</returns>
    public async Task<IReadOnlyList<string>> FindViolationsAsync()
    {
        foreach (var host in fleet.Hosts)
        {
            fleet.LookAtMounts(host);
        }

        var found = fleet.Violations.Distinct().ToList();
        found.AddRange(await FindWrongPlansAsync());
        foreach (var rollout in await folder.ListAsync<RolloutRecord>(DocumentKinds.Rollouts))
        {
            found.AddRange(await FindBrokenGatesAsync(rollout));
        }

        return found;
    }

    /// <summary>Where several of a host's pools have a family, the first one's release is for the users of all.</summary>
    private static IEnumerable<string> FindDifferences(SimulatedHost host, IReadOnlyList<PoolPlan> plans)
    {
        var wanted = plans.SelectMany(plan => plan.Apps).Select(app => (App: app, Release: ReleaseOf(app, host.Name))).Where(wish => wish.Release is not null)
            .GroupBy(wish => wish.App.Family)
            .Select(wishes => $"{wishes.First().Release!.Package.FullName} for {Users(wishes.Any(wish => wish.App.Users.Count == 0) ? [] : [.. wishes.SelectMany(wish => wish.App.Users).Distinct()])}")
            .Order(StringComparer.Ordinal);
        var has = host.Machine.Staged.Select(item => $"{item.Package.FullName} for {(item.RegisteredFor is { } users ? Users(users) : "nobody")}").Order(StringComparer.Ordinal);
        return wanted.SequenceEqual(has) ? [] : [$"{host.Name} of {string.Join('+', host.AlsoIn.Prepend(host.Pool))} has [{string.Join(", ", has)}] and should have [{string.Join(", ", wanted)}]."];
    }

    /// <summary>What a host has that a superseded rollout had reached, else what is current.</summary>
    private static PlannedRelease? ReleaseOf(AppPlan app, string host) =>
        app.Reached.FirstOrDefault(reached => reached.Good.Contains(RingMembership.RingOf(host, reached.Rings)))?.Release ?? app.Current;

    private static string Users(IReadOnlyList<string> users) => users.Count == 0 ? "everyone" : string.Join('+', users.Order(StringComparer.Ordinal));

    /// <summary>A pool's plan has each family once, and nothing that is not assigned or was retired.</summary>
    private async Task<List<string>> FindWrongPlansAsync()
    {
        var found = new List<string>();
        var assignments = await folder.ListAsync<AssignmentRecord>(DocumentKinds.Assignments);
        var releases = (await folder.ListAsync<ReleaseRecord>(DocumentKinds.Releases)).ToDictionary(release => release.Package.FullName);
        foreach (var plan in await folder.ListAsync<PoolPlan>(DocumentKinds.Plans))
        {
            found.AddRange(plan.Apps.GroupBy(app => app.Family, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
                .Select(group => $"{group.Key} is {group.Count()} times in the plan of {plan.Pool}."));
            foreach (var current in plan.Apps.SelectMany(app => app.Reached.Select(reached => reached.Release).Append(app.Current)).OfType<PlannedRelease>())
            {
                if (!assignments.Exists(assignment => assignment.Pool == plan.Pool && assignment.Family is var family && (family == "*" || family == current.Package.FamilyName)))
                {
                    found.Add($"{current.Package.FullName} is current in {plan.Pool}, and not assigned.");
                }

                if (releases[current.Package.FullName].RetiredAt is not null)
                {
                    found.Add($"{current.Package.FullName} is current in {plan.Pool}, and retired.");
                }
            }
        }

        return found;
    }

    private async Task<List<string>> FindBrokenGatesAsync(RolloutRecord rollout)
    {
        var found = new List<string>();
        var mayBegin = true;
        for (var ring = 0; ring < rollout.Rings.Count; ring++)
        {
            var (definition, phase) = (rollout.Rings[ring].Definition, rollout.Rings[ring].Phase);
            var hosts = await ReadHostsAsync(rollout, ring);
            found.AddRange(FindUntruths(rollout, ring, hosts));
            var asked = fleet.Outcomes.Keys.Count(id => id.StartsWith(RolloutIds.OfRing(rollout.Id, ring) + "-", StringComparison.Ordinal));
            if (!mayBegin && (phase != RingPhase.Waiting || asked > 0))
            {
                found.Add($"The rollout {rollout.Id} went into the ring {definition.Name} ({phase}, {asked} commands), and the ring before had not passed.");
            }

            var gate = definition.Gate!;
            var silent = hosts.Count(host => host.Code == ErrorCodes.NoAnswer);
            var unfit = hosts.Count(host => host.Progress == HostProgress.Unfit);
            var failed = hosts.Count(host => host.Progress == HostProgress.Failed) - (gate.CountsSilent ? 0 : silent) + (gate.CountsUnfit ? unfit : 0);
            var succeeded = hosts.Count(host => host.Progress == HostProgress.Registered);
            var isBroken = failed * 100.0 > gate.MaxFailedPercent * (failed + succeeded) || succeeded < Math.Min(gate.MinSucceeded, hosts.Count - unfit);
            if (phase == RingPhase.Passed && isBroken)
            {
                found.Add($"The rollout {rollout.Id} passed the ring {definition.Name} with {failed} failed and {succeeded} good of {hosts.Count} hosts.");
            }

            mayBegin = phase == RingPhase.Passed;
        }

        return found;
    }

    private async Task<List<RolloutHost>> ReadHostsAsync(RolloutRecord rollout, int ring)
    {
        var hosts = new List<RolloutHost>();
        for (var batch = 0; batch < rollout.Rings[ring].Batches; batch++)
        {
            hosts.AddRange((await folder.FindAsync<RolloutBatch>(DocumentKinds.RolloutHosts, RolloutBatch.KeyOf(rollout.Id, ring, batch)))!.Hosts);
        }

        return hosts;
    }

    /// <summary>Nobody counts as good who did not do what was asked.</summary>
    private IEnumerable<string> FindUntruths(RolloutRecord rollout, int ring, List<RolloutHost> hosts)
    {
        for (var place = 0; place < hosts.Count; place++)
        {
            var host = hosts[place];
            var batch = place / RolloutBatch.MostHosts;
            if (host.Progress == HostProgress.Registered && !DidWell(rollout, ring, batch, host.Host))
            {
                yield return $"The rollout {rollout.Id} counts {host.Host} as registered, which it is not.";
            }
        }
    }

    private bool DidWell(RolloutRecord rollout, int ring, int batch, string host) => ((bool[])[false, true]).All(isRegistering =>
        fleet.Outcomes.TryGetValue($"{RolloutIds.OfBatch(RolloutIds.OfRing(rollout.Id, ring), isRegistering, batch)}.{host}", out var outcome)
        && outcome.Result == OutcomeResult.Succeeded);
}

using AppAttach.Api.Ports;
using AppAttach.Contracts;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Api.Views;

/// <summary>Puts the overview together.</summary>
/// <param name="looks">The fleet.</param>
/// <param name="options">The pools.</param>
/// <param name="views">Shows rollouts.</param>
/// <param name="deadLetters">What could not be handled.</param>
/// <param name="clock">The clock.</param>
internal sealed class OverviewReader(FleetLooks looks, PipelineOptions options, RolloutViews views, IDeadLetterBox deadLetters, TimeProvider clock)
{
    private const int MostUnderWay = 12;
    private const int MostEnded = 4;

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The overview.</returns>
    public async Task<FleetOverview> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var packages = await looks.Packages.ReadAsync(cancellationToken);
        var releases = (await looks.Releases.ReadAsync(cancellationToken)).Where(release => release is { Image: not null, RetiredAt: null }).ToList();
        var rollouts = await looks.Rollouts.ReadAsync(cancellationToken);
        var hosts = (await looks.Hosts.ReadAsync(cancellationToken)).Select(host => (Host: host, Condition: HostConditions.Of(host, now))).ToList();
        var letters = await deadLetters.ListAsync(cancellationToken);
        return new FleetOverview(
            [.. OfPackages(packages), .. OfRollouts(rollouts), .. OfHosts(hosts), .. OfLetters(letters)],
            Latest(packages, package => package.State < PackageState.Released, package => package.StartedAt),
            await views.SummariseAsync(Latest(rollouts, rollout => rollout.State.IsUnderWay(), rollout => rollout.StartedAt), cancellationToken),
            [.. options.Pools.Select(pool => pool.Region).Concat(releases.SelectMany(release => release.Copies).Select(copy => copy.Region)).Distinct().Order(StringComparer.Ordinal)
                .Select(region => OfRegion(region, releases))],
            [.. options.Pools.Select(pool => pool.Name).Concat(hosts.SelectMany(host => host.Host.Pools)).Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase).Select(pool => OfPool(pool, hosts))]);
    }

    private static List<TItem> Latest<TItem>(IReadOnlyList<TItem> items, Func<TItem, bool> isUnderWay, Func<TItem, DateTimeOffset> at)
    {
        var ordered = items.OrderByDescending(at).ToLookup(isUnderWay);
        return [.. ordered[true].Take(MostUnderWay), .. ordered[false].Take(MostEnded)];
    }

    private static RegionSummary OfRegion(string region, List<ReleaseRecord> releases)
    {
        var there = releases.Where(release => release.Copies.Any(copy => copy.Region == region)).ToList();
        return new RegionSummary(region, releases.Count, there.Count, there.DistinctBy(release => release.Image!.Name).Sum(release => release.Image!.SizeBytes));
    }

    private static IEnumerable<AttentionItem> OfPackages(IReadOnlyList<PackageRecord> packages) => packages
        .GroupBy(package => package.Drop, StringComparer.OrdinalIgnoreCase)
        .Select(drops => drops.MaxBy(package => package.StartedAt)!)
        .Where(package => package.State is PackageState.Rejected or PackageState.Failed or PackageState.PartlyReleased)
        .OrderByDescending(package => package.UpdatedAt)
        .Select(package => new AttentionItem(
            "package", package.Id, package.Drop, package.Code, package.Message ?? "", NextSteps.Of(package.Code), package.UpdatedAt));

    private static IEnumerable<AttentionItem> OfRollouts(IReadOnlyList<RolloutRecord> rollouts) => rollouts
        .GroupBy(rollout => (rollout.Package.FamilyName, rollout.Pool))
        .Select(group => group.MaxBy(rollout => rollout.StartedAt)!)
        .Where(rollout => rollout.State is RolloutState.Halted or RolloutState.Failed)
        .OrderByDescending(rollout => rollout.UpdatedAt)
        .Select(rollout => new AttentionItem(
            "rollout", rollout.Id, $"{rollout.Package.FullName} to {rollout.Pool}", rollout.Code, rollout.Message ?? "", NextSteps.Of(rollout.Code), rollout.UpdatedAt));

    private static IEnumerable<AttentionItem> OfHosts(List<(HostLook Host, HostCondition Condition)> hosts)
    {
        foreach (var group in hosts.Where(host => host.Condition == HostCondition.Failing)
            .GroupBy(host => host.Host.Failure!.Code!).OrderByDescending(group => group.Count()))
        {
            var first = group.First().Host;
            var command = first.Failure!;
            yield return OfSome(HostCondition.Failing, [.. group.Select(host => host.Host)], "fails", "fail", group.Key, command.Message ?? "", NextSteps.Of(group.Key), command.CompletedAt);
        }

        foreach (var group in hosts.Where(host => host.Condition == HostCondition.Unready).GroupBy(host => host.Host.Note ?? "It was not told what to have: its pool is not known."))
        {
            var first = group.First().Host;
            yield return OfSome(
                HostCondition.Unready, [.. group.Select(host => host.Host)], "is not ready", "are not ready", null, group.Key, "Mend it on the host; it is welcomed at its next hello.", first.LastSeenAt);
        }

        List<HostLook> silent = [.. hosts.Where(host => host.Condition == HostCondition.Silent).Select(host => host.Host)];
        if (silent.Count > 0)
        {
            yield return OfSome(
                HostCondition.Silent, silent, "is silent", "are silent", null, $"Not heard for {HostConditions.SilenceLimit.TotalMinutes:0} minutes or longer.",
                "Nothing if they are off; otherwise see whether their listeners run.", silent.Max(host => host.LastSeenAt));
        }
    }

    /// <summary>One line for hosts with one trouble: it leads to the host, or to the list of all in that condition.</summary>
    private static AttentionItem OfSome(
        HostCondition condition, List<HostLook> hosts, string one, string many, string? code, string message, string nextStep, DateTimeOffset? at) => hosts.Count == 1
        ? new AttentionItem("host", hosts[0].Host, $"{hosts[0].Host} {one}", code, message, nextStep, at)
        : new AttentionItem("hosts", KebabCaseName.Of(condition), $"{hosts[0].Host} and {hosts.Count - 1} more {many}", code, message, nextStep, at);

    private static IEnumerable<AttentionItem> OfLetters(IReadOnlyList<DeadLetter> letters) => letters.GroupBy(letter => letter.Entity).Select(group => new AttentionItem(
        "dead-letters", group.Key, $"{group.Count()} dead {(group.Count() == 1 ? "letter" : "letters")} in {group.Key}", group.First().Reason, group.First().Description ?? "",
        "See why they could not be handled; mend that, then put them back.",
        group.Max(letter => letter.EnqueuedAt)));

    private PoolSummary OfPool(string pool, List<(HostLook Host, HostCondition Condition)> hosts)
    {
        var there = hosts.Where(host => host.Host.IsIn(pool)).ToList();
        return new PoolSummary(
            pool, options.FindPool(pool)?.Region, there.Count,
            Enum.GetValues<HostCondition>().ToDictionary(KebabCaseName.Of, condition => there.Count(host => host.Condition == condition)));
    }
}

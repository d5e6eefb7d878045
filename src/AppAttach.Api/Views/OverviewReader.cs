using AppAttach.Api.Ports;
using AppAttach.Contracts;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Api.Views;

/// <summary>Puts the overview together.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="options">The pools.</param>
/// <param name="views">Shows rollouts.</param>
/// <param name="deadLetters">What could not be handled.</param>
/// <param name="clock">The clock.</param>
public sealed class OverviewReader(ICatalog catalog, PipelineOptions options, RolloutViews views, IDeadLetterBox deadLetters, TimeProvider clock)
{
    private const int MostOfAKind = 12;

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The overview.</returns>
    public async Task<FleetOverview> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var packages = await catalog.ReadAllAsync<PackageRecord>(DocumentKinds.Packages, cancellationToken);
        var releases = (await catalog.ReadAllAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken)).Where(release => release is { Image: not null, RetiredAt: null }).ToList();
        var rollouts = await catalog.ReadAllAsync<RolloutRecord>(DocumentKinds.Rollouts, cancellationToken);
        var hosts = (await catalog.ReadAllAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken)).Select(host => (Host: host, Condition: HostConditions.Of(host, now))).ToList();
        var letters = await deadLetters.ListAsync(cancellationToken);
        return new FleetOverview(
            [.. OfPackages(packages), .. OfRollouts(rollouts), .. OfHosts(hosts), .. OfLetters(letters)],
            [.. packages.OrderBy(package => package.State >= PackageState.Released).ThenByDescending(package => package.StartedAt).Take(MostOfAKind)],
            await views.SummariseAsync(rollouts.OrderBy(rollout => !rollout.State.IsUnderWay()).ThenByDescending(rollout => rollout.StartedAt).Take(MostOfAKind), cancellationToken),
            [.. options.Pools.Select(pool => pool.Region).Concat(releases.SelectMany(release => release.Copies).Select(copy => copy.Region)).Distinct().Order(StringComparer.Ordinal)
                .Select(region => OfRegion(region, releases))],
            [.. options.Pools.Select(pool => pool.Name).Concat(hosts.Select(host => host.Host.Hello.Pool)).Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase).Select(pool => OfPool(pool, hosts))]);
    }

    private static RegionSummary OfRegion(string region, List<ReleaseRecord> releases)
    {
        var there = releases.Where(release => release.Copies.Any(copy => copy.Region == region)).ToList();
        return new RegionSummary(region, releases.Count, there.Count, there.DistinctBy(release => release.Image!.Name).Sum(release => release.Image!.SizeBytes));
    }

    private static IEnumerable<AttentionItem> OfPackages(List<PackageRecord> packages) => packages
        .GroupBy(package => package.Drop, StringComparer.OrdinalIgnoreCase)
        .Select(drops => drops.MaxBy(package => package.StartedAt)!)
        .Where(package => package.State is PackageState.Rejected or PackageState.Failed or PackageState.PartlyReleased)
        .OrderByDescending(package => package.UpdatedAt)
        .Select(package => new AttentionItem(
            "package", package.Id, package.Drop, package.Code, package.Message ?? "", NextSteps.Of(package.Code), package.UpdatedAt));

    private static IEnumerable<AttentionItem> OfRollouts(List<RolloutRecord> rollouts) => rollouts
        .GroupBy(rollout => (rollout.Package.FamilyName, rollout.Pool))
        .Select(group => group.MaxBy(rollout => rollout.StartedAt)!)
        .Where(rollout => rollout.State is RolloutState.Halted or RolloutState.Failed)
        .OrderByDescending(rollout => rollout.UpdatedAt)
        .Select(rollout => new AttentionItem(
            "rollout", rollout.Id, $"{rollout.Package.FullName} to {rollout.Pool}", rollout.Code, rollout.Message ?? "", NextSteps.Of(rollout.Code), rollout.UpdatedAt));

    private static IEnumerable<AttentionItem> OfHosts(List<(HostRecord Host, HostCondition Condition)> hosts)
    {
        foreach (var group in hosts.Where(host => host.Condition == HostCondition.Failing)
            .GroupBy(host => host.Host.Commands.First(command => command.Code is not null).Code!).OrderByDescending(group => group.Count()))
        {
            var first = group.First().Host;
            var command = first.Commands.First(sent => sent.Code is not null);
            yield return new AttentionItem(
                "host", first.Hello.Host, Count(group.Count(), first, "fails", "fail"), group.Key, command.Message ?? "", NextSteps.Of(group.Key), command.CompletedAt);
        }

        foreach (var group in hosts.Where(host => host.Condition == HostCondition.Unready).GroupBy(host => host.Host.Note ?? "It was not told what to have: its pool is not known."))
        {
            var first = group.First().Host;
            yield return new AttentionItem(
                "host", first.Hello.Host, Count(group.Count(), first, "is not ready", "are not ready"), null, group.Key, "Mend it on the host; it is welcomed at its next hello.", first.LastSeenAt);
        }

        var silent = hosts.Where(host => host.Condition == HostCondition.Silent).ToList();
        if (silent.Count > 0)
        {
            yield return new AttentionItem(
                "hosts", null, Count(silent.Count, silent[0].Host, "is silent", "are silent"), null, $"Not heard for {HostConditions.SilenceLimit.TotalMinutes:0} minutes or longer.",
                "Nothing if they are off; otherwise see whether their listeners run.", silent.Max(host => host.Host.LastSeenAt));
        }
    }

    private static string Count(int count, HostRecord first, string one, string many) =>
        count == 1 ? $"{first.Hello.Host} {one}" : $"{first.Hello.Host} and {count - 1} more {many}";

    private static IEnumerable<AttentionItem> OfLetters(IReadOnlyList<DeadLetter> letters) => letters.GroupBy(letter => letter.Entity).Select(group => new AttentionItem(
        null, null, $"{group.Count()} dead letters in {group.Key}", group.First().Reason, group.First().Description ?? "", "Look: appattach dead-letters. Put back: appattach dead-letters --replay.",
        group.Max(letter => letter.EnqueuedAt)));

    private PoolSummary OfPool(string pool, List<(HostRecord Host, HostCondition Condition)> hosts)
    {
        var there = hosts.Where(host => string.Equals(host.Host.Hello.Pool, pool, StringComparison.OrdinalIgnoreCase)).ToList();
        return new PoolSummary(
            pool, options.FindPool(pool)?.Region, there.Count,
            Enum.GetValues<HostCondition>().ToDictionary(KebabCaseName.Of, condition => there.Count(host => host.Condition == condition)));
    }
}

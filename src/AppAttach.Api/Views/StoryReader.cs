using AppAttach.Contracts;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Api.Views;

/// <summary>Puts together what the catalog says of one package, or of one host.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="looks">The fleet.</param>
/// <param name="fleet">Reads plans.</param>
/// <param name="views">Shows rollouts.</param>
/// <param name="options">The pools.</param>
/// <param name="clock">The clock.</param>
internal sealed class StoryReader(ICatalog catalog, FleetLooks looks, FleetReader fleet, RolloutViews views, PipelineOptions options, TimeProvider clock)
{
    /// <summary>A package's way.</summary>
    /// <param name="id">Id of its publishing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The story; null: there is no such package.</returns>
    public async Task<PackageStory?> OfPackageAsync(string id, CancellationToken cancellationToken)
    {
        if ((await catalog.ReadAsync<PackageRecord>(DocumentKinds.Packages, id, cancellationToken))?.Document is not { } package)
        {
            return null;
        }

        var name = package.Package?.FullName;
        var isPublished = package.State is PackageState.Replicating or PackageState.Released or PackageState.PartlyReleased;
        var release = name is null || !isPublished ? null : (await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, name, cancellationToken))?.Document;
        var rollouts = release is null ? [] : (await looks.Rollouts.ReadAsync(cancellationToken)).Where(rollout => rollout.Package.FullName == name).ToList();
        return new PackageStory(
            package,
            package.Code is null ? null : NextSteps.Of(package.Code),
            release,
            await views.SummariseAsync(rollouts.OrderByDescending(rollout => rollout.StartedAt), cancellationToken),
            [.. Timeline(package, release, rollouts).OrderBy(entry => entry.At)],
            release is null ? [] : await PlacesAsync(name!, cancellationToken));
    }

    /// <summary>A host against what it should have.</summary>
    /// <param name="name">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The story; null: there is no such host.</returns>
    public async Task<HostStory?> OfHostAsync(string name, CancellationToken cancellationToken)
    {
        if ((await catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, name, cancellationToken))?.Document is not { } host)
        {
            return null;
        }

        var wanted = HostPlan.Of(host.Hello.Host, await fleet.PlansAsync(host.Hello.Pools, [], cancellationToken));
        var registered = wanted.Select(app => app.Registered?.Package.FullName).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var staged = wanted.SelectMany(app => app.Staged).Select(release => release.Package.FullName).ToHashSet(StringComparer.Ordinal);
        var inventory = host.Hello.Inventory.ToLookup(item => item.PackageFullName, StringComparer.Ordinal);
        var packages = registered.Concat(staged).Concat(inventory.Select(group => group.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(package =>
        {
            var command = host.Commands.LastOrDefault(sent => sent.PackageFullName == package && sent.Code is not null);
            return new HostPackage(
                package,
                registered.Contains(package) ? "registered" : staged.Contains(package) ? "staged" : "absent",
                inventory[package].FirstOrDefault() switch
                {
                    null => "absent",
                    { IsMounted: false } => "unmounted",
                    var item => HostDifference.HasUsers(item) ? "registered" : "staged",
                },
                command?.Code,
                command?.Message);
        });
        return new HostStory(host, HostConditions.Of(HostLook.Of(host), clock.GetUtcNow()), [.. packages]);
    }

    private static IEnumerable<TimelineEntry> Timeline(PackageRecord package, ReleaseRecord? release, List<RolloutRecord> rollouts)
    {
        yield return new TimelineEntry("Dropped", package.StartedAt, package.Drop);
        if (package.State is PackageState.Rejected or PackageState.Failed)
        {
            yield return new TimelineEntry(package.State.ToString(), package.UpdatedAt, $"{package.Code}: {package.Message}", IsFailure: true);
        }

        if (package.VerifiedAt is { } verifiedAt)
        {
            yield return new TimelineEntry("Verified", verifiedAt, package.Package?.FullName ?? "");
        }

        if (release is not null)
        {
            if (release.Image is not null)
            {
                yield return new TimelineEntry("Converted", release.ConvertedAt ?? release.ClaimedAt, release.Image.Name);
            }

            foreach (var copy in release.Copies)
            {
                yield return new TimelineEntry($"Copied to {copy.Region}", copy.VerifiedAt, copy.Path);
            }
        }

        foreach (var rollout in rollouts)
        {
            yield return new TimelineEntry($"Rollout to {rollout.Pool} began", rollout.StartedAt, rollout.RequestedBy is { } by ? $"Asked for by {by}" : "");
            foreach (var ring in rollout.Rings.Where(ring => ring is { Phase: RingPhase.Passed, Since: not null }))
            {
                yield return new TimelineEntry($"Ring {ring.Definition.Name} of {rollout.Pool} passed", ring.Since!.Value, $"{ring.Tally.Succeeded} of {ring.Tally.Hosts} hosts");
            }

            if (!rollout.State.IsUnderWay())
            {
                yield return new TimelineEntry(
                    $"Rollout to {rollout.Pool}: {KebabCaseName.Of(rollout.State)}", rollout.UpdatedAt, rollout.Message ?? "", rollout.State is RolloutState.Halted or RolloutState.Failed);
            }
        }
    }

    private async Task<IReadOnlyList<PackagePlace>> PlacesAsync(string package, CancellationToken cancellationToken)
    {
        var hosts = await looks.Hosts.ReadAsync(cancellationToken);
        return [.. options.Pools.Select(pool =>
        {
            var there = hosts.Where(host => host.IsIn(pool.Name)).ToList();
            var items = there.Select(host => host.Packages.FirstOrDefault(item => item.FullName == package)).ToList();
            return new PackagePlace(pool.Name, there.Count, items.Count(item => item.IsMounted), items.Count(item => item.IsRegistered));
        })];
    }
}

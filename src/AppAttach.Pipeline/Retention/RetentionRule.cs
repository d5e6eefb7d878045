using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Retention;

/// <summary>Says which releases are kept, and why.</summary>
public static class RetentionRule
{
    /// <summary>Why a release is kept.</summary>
    /// <param name="release">The release.</param>
    /// <param name="fleet">Everything that may hold it.</param>
    /// <param name="policy">What the deployment keeps.</param>
    /// <param name="now">The time.</param>
    /// <returns>The reason; null: nothing wants it.</returns>
    public static string? WhyKept(ReleaseRecord release, RetentionView fleet, RetentionPolicy policy, DateTimeOffset now)
    {
        var name = release.Package.FullName;
        foreach (var app in fleet.Plans.SelectMany(plan => plan.Apps))
        {
            if (app.Current?.Package.FullName == name)
            {
                return "it is current in a pool";
            }

            if (app.Reached.Any(reached => reached.Release.Package.FullName == name))
            {
                return "some rings of a pool have it for good";
            }

            if (app.Rollout?.Release.Package.FullName == name)
            {
                return $"the rollout {app.Rollout.Id} brings it";
            }

            if (release.RetiredAt is null && app.Earlier.Count > 0 && app.Earlier[0].Package.FullName == name)
            {
                return "a pool would go back to it";
            }
        }

        if (fleet.Rollouts.FirstOrDefault(rollout =>
            rollout.Package.FullName == name && rollout.State is (RolloutState.Running or RolloutState.Paused or RolloutState.Halted)) is { } open)
        {
            return $"the rollout {open.Id} is not over";
        }

        // A host that is away may have it mounted still: only one that is gone for good does not count.
        foreach (var host in fleet.Hosts.Where(host => host.LastSeenAt >= now - policy.ForgetHostsAfter))
        {
            if (host.Hello.Inventory.Any(item => item.PackageFullName == name || item.ImageDigest == release.Image?.Digest))
            {
                return $"{host.Hello.Host} has it";
            }

            if (host.Commands.Any(command => command.PackageFullName == name && command.Kind == CommandKind.Stage && command.Result is null && command.Deadline > now))
            {
                return $"{host.Hello.Host} was told to stage it";
            }
        }

        if (release.RetiredAt is not null)
        {
            return null;
        }

        if (!policy.IsOn)
        {
            return "nothing is deleted by itself here; retire it";
        }

        var newer = fleet.Releases.Count(other =>
            other.RetiredAt is null
            && string.Equals(other.Package.FamilyName, release.Package.FamilyName, StringComparison.OrdinalIgnoreCase)
            && Version.Parse(other.Package.Version) > Version.Parse(release.Package.Version));
        return newer < policy.KeepLast ? $"it is one of the last {policy.KeepLast} of its family" : null;
    }

    /// <summary>
    /// Whether the images of a release that nothing wants may go now: it was unwanted for the grace time, and every host that could
    /// have taken a late command to stage it has spoken since.
    /// </summary>
    /// <param name="release">The release; nothing wants it.</param>
    /// <param name="fleet">The hosts.</param>
    /// <param name="policy">The grace time.</param>
    /// <param name="commandLife">How long a command may be carried out after it was sent.</param>
    /// <param name="now">The time.</param>
    /// <returns>Why not yet; null: they may.</returns>
    public static string? WhyNotYet(ReleaseRecord release, RetentionView fleet, RetentionPolicy policy, TimeSpan commandLife, DateTimeOffset now)
    {
        if (release.UnwantedSince is not { } since)
        {
            return "it has only just become unwanted";
        }

        var grace = policy.Grace > commandLife ? policy.Grace : commandLife;
        if (now < since + grace)
        {
            return $"it is kept until {since + grace:u}";
        }

        var unheard = fleet.Hosts.FirstOrDefault(host =>
            host.LastSeenAt >= now - policy.ForgetHostsAfter && host.LastSeenAt < since + commandLife && host.FirstSeenAt < since + commandLife);
        return unheard is null ? null : $"{unheard.Hello.Host} has not been heard of since {unheard.LastSeenAt:u} and may have it";
    }
}

/// <summary>Everything that may hold a release, at one moment.</summary>
/// <param name="Releases">All releases.</param>
/// <param name="Plans">The plans of all pools.</param>
/// <param name="Rollouts">All rollouts.</param>
/// <param name="Hosts">All hosts.</param>
public sealed record RetentionView(
    IReadOnlyList<ReleaseRecord> Releases, IReadOnlyList<PoolPlan> Plans, IReadOnlyList<RolloutRecord> Rollouts, IReadOnlyList<HostRecord> Hosts);

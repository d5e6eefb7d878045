using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>
/// What a host of one or several pools should have: the families of all of them. A family that several have comes from the first of them, in the order in which
/// the host names its pools, for the users of each: one pool alone moves it on a host, so that no two rollouts bring it by turns.
/// </summary>
public static class HostPlan
{
    /// <summary>Puts together what the host should have.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="plans">The plans of its pools, in its order.</param>
    /// <returns>Each family once.</returns>
    public static IReadOnlyList<WantedApp> Of(string host, IReadOnlyList<PoolPlan> plans) =>
    [
        .. plans.SelectMany(plan => plan.Apps).Select(app => app.Family).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(family => WantedApp.Of((FindPlan(plans, family, host)?.Find(family) ?? new AppPlan(family)) with { Users = UsersOf(plans, family, host) }, host)),
    ];

    /// <summary>The plan that a family comes from.</summary>
    /// <param name="plans">The plans of the host's pools, in its order.</param>
    /// <param name="family">Package family name.</param>
    /// <param name="host">The host's name.</param>
    /// <returns>The first that has a release of it for the host, or a rollout; null: none has.</returns>
    public static PoolPlan? FindPlan(IReadOnlyList<PoolPlan> plans, string family, string host) => plans.FirstOrDefault(plan => Gives(plan.Find(family), host));

    /// <summary>Whom a family is for.</summary>
    /// <param name="plans">The plans of the host's pools.</param>
    /// <param name="family">Package family name.</param>
    /// <param name="host">The host's name.</param>
    /// <returns>The users of all pools that have it for the host; empty: everyone.</returns>
    public static IReadOnlyList<string> UsersOf(IReadOnlyList<PoolPlan> plans, string family, string host)
    {
        var groups = plans.Select(plan => plan.Find(family)).Where(app => Gives(app, host)).Select(app => app!.Users).ToList();
        return groups.Exists(users => users.Count == 0) ? [] : [.. groups.SelectMany(users => users).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    // What a rollout that ended half-way had reached is of no concern to a host that it had not.
    private static bool Gives(AppPlan? app, string host) => app is not null && (app.Rollout is not null || WantedApp.BaseOf(app, host) is not null);
}

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
            .Select(family => WantedApp.Of((FindPlan(plans, family)?.Find(family) ?? new AppPlan(family)) with { Users = UsersOf(plans, family) }, host)),
    ];

    /// <summary>The plan that a family comes from.</summary>
    /// <param name="plans">The plans of the host's pools, in its order.</param>
    /// <param name="family">Package family name.</param>
    /// <returns>The first that has a release or a rollout of it; null: none has.</returns>
    public static PoolPlan? FindPlan(IReadOnlyList<PoolPlan> plans, string family) => plans.FirstOrDefault(plan => Gives(plan.Find(family)));

    /// <summary>Whom a family is for.</summary>
    /// <param name="plans">The plans of the host's pools.</param>
    /// <param name="family">Package family name.</param>
    /// <returns>The users of all pools that have it; empty: everyone.</returns>
    public static IReadOnlyList<string> UsersOf(IReadOnlyList<PoolPlan> plans, string family)
    {
        var groups = plans.Select(plan => plan.Find(family)).Where(Gives).Select(app => app!.Users).ToList();
        return groups.Exists(users => users.Count == 0) ? [] : [.. groups.SelectMany(users => users).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static bool Gives(AppPlan? app) => app is { Current: not null } or { Rollout: not null } or { Reached.Count: > 0 };
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>
/// Every way in which a pool's plan changes. A family has one current release always: a rollout brings another one to hosts while it
/// is in charge, and becomes current, or not, in one step.
/// </summary>
public static class PlanTransitions
{
    /// <summary>
    /// Puts a rollout in charge of a family; whichever was is not any more. If that one had its release registered in all of its rings, with every gate
    /// passed, and only watched the last of them, its release becomes current: it is what every host has, and what they go back to. If only some of its rings are
    /// so far, theirs go back to it. Doing it again changes nothing.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="assignment">Who gets the family.</param>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="release">What it brings.</param>
    /// <returns>The new plan.</returns>
    public static PoolPlan Enter(this PoolPlan plan, AssignmentRecord assignment, string rolloutId, PlannedRelease release)
    {
        var family = release.Package.FamilyName;
        var app = plan.Find(family) ?? new AppPlan(family);
        if (app.Rollout?.Id == rolloutId)
        {
            return plan;
        }

        if (app.Rollout is { } before && before.Release.Package != release.Package)
        {
            app = app.Keep(before);
        }

        var rings = assignment.EffectiveRings();
        return plan.With(app.For(assignment) with
        {
            Rollout = new PlannedRollout(rolloutId, release, rings, [.. rings.Select(_ => RingPhase.Waiting)]),
        });
    }

    /// <summary>Whether a release that came by itself may take the place of what a family has: nobody is taken back to an older one unasked.</summary>
    /// <param name="app">The family's plan; null: it has none.</param>
    /// <param name="package">The release.</param>
    /// <returns>Whether it may.</returns>
    public static bool Yields(this AppPlan? app, PackageReference package) =>
        IsHigher(package, app?.Current?.Package)
        && IsHigher(package, app?.Rollout?.Release.Package)
        && (app is null || app.Reached.All(reached => IsHigher(package, reached.Release.Package)));

    /// <summary>Moves a ring of the rollout in charge; never backwards.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rolloutId">The rollout.</param>
    /// <param name="ring">Number of the ring.</param>
    /// <param name="phase">Its new phase.</param>
    /// <returns>The new plan; null: the rollout is not in charge any more.</returns>
    public static PoolPlan? Move(this PoolPlan plan, string rolloutId, int ring, RingPhase phase)
    {
        if (plan.FindRollout(rolloutId) is not { Rollout: { } rollout } app)
        {
            return null;
        }

        var phases = rollout.Phases.ToList();
        phases[ring] = phases[ring] < phase ? phase : phases[ring];
        return plan.With(app with { Rollout = rollout with { Phases = phases } });
    }

    /// <summary>Makes what a rollout brought current and ends it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rolloutId">The rollout.</param>
    /// <returns>The new plan; null: the rollout is not in charge any more, or not all of its rings were passed.</returns>
    public static PoolPlan? Complete(this PoolPlan plan, string rolloutId)
    {
        if (plan.FindRollout(rolloutId) is not { Rollout: { } rollout } app || rollout.Phases.Any(phase => phase != RingPhase.Passed))
        {
            return null;
        }

        return plan.With(app.Become(rollout.Release) with { Rollout = null });
    }

    /// <summary>Ends a rollout without its release becoming current, or staying where an earlier rollout of it had come.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rolloutId">The rollout.</param>
    /// <returns>The new plan; the same if the rollout is not in charge.</returns>
    public static PoolPlan Abandon(this PoolPlan plan, string rolloutId) =>
        plan.FindRollout(rolloutId) is { Rollout.Release.Package.FullName: var name } app ? plan.With(app.WithoutReached(name) with { Rollout = null }) : plan;

    /// <summary>Takes a family from the pool.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="family">Package family name.</param>
    /// <returns>The new plan.</returns>
    public static PoolPlan Remove(this PoolPlan plan, string family) =>
        plan.Find(family) is { } app ? plan.With(app with { Current = null, Reached = [], Earlier = [], Rollout = null }) : plan;

    /// <summary>Strikes a release wherever the plan has it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="packageFullName">Full name of the release.</param>
    /// <returns>The new plan.</returns>
    public static PoolPlan Strike(this PoolPlan plan, string packageFullName)
    {
        foreach (var app in plan.Apps)
        {
            var isCurrent = app.Current?.Package.FullName == packageFullName;
            var earlier = app.Earlier.Where(release => release.Package.FullName != packageFullName).ToList();
            var isRolledOut = app.Rollout?.Release.Package.FullName == packageFullName;
            var left = app.WithoutReached(packageFullName);
            if (isCurrent || isRolledOut || earlier.Count != app.Earlier.Count || left.Reached.Count != app.Reached.Count)
            {
                plan = plan.With(left with { Current = isCurrent ? null : app.Current, Earlier = earlier, Rollout = isRolledOut ? null : app.Rollout });
            }
        }

        return plan;
    }

    /// <summary>
    /// Goes back one step, without rings: from releases that only some rings have to the current one, and else from that to the one that was current before. What hosts
    /// have is what hurts.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="family">Package family name.</param>
    /// <returns>The new plan; null: there is nothing to go back to, or a rollout is under way.</returns>
    public static PoolPlan? GoBack(this PoolPlan plan, string family) => plan.Find(family) switch
    {
        { Rollout: null, Reached.Count: > 0, Current: not null } app => plan.With(app with { Reached = [] }),
        { Rollout: null, Earlier: [var previous, ..] } app => plan.With(app with { Current = previous, Reached = [], Earlier = [.. app.Earlier.Skip(1)] }),
        _ => null,
    };

    /// <summary>Changes who gets the families of an assignment, and when.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="assignment">The assignment.</param>
    /// <param name="isFor">Whether the assignment is the one that a family goes by.</param>
    /// <returns>The new plan.</returns>
    public static PoolPlan Assign(this PoolPlan plan, AssignmentRecord assignment, Func<string, bool> isFor) => plan with
    {
        Apps = [.. plan.Apps.Select(app => isFor(app.Family) ? app.For(assignment) : app)],
    };

    private static AppPlan For(this AppPlan app, AssignmentRecord assignment) => app with
    {
        Users = assignment.Users,
        Mode = assignment.Mode,
    };

    /// <summary>Keeps what a rollout that another one supersedes has reached.</summary>
    private static AppPlan Keep(this AppPlan app, PlannedRollout rollout)
    {
        List<int> good = [.. Enumerable.Range(0, rollout.Phases.Count).Where(ring => rollout.Phases[ring] >= RingPhase.Soaking)];
        return good.Count == 0 ? app
            : good.Count == rollout.Rings.Count ? app.Become(rollout.Release)
            : app with
            {
                Reached =
                [
                    .. app.WithoutReached(rollout.Release.Package.FullName).Reached
                        .Prepend(new ReachedRelease(rollout.Release, rollout.Rings, good)).Take(AppPlan.MostEarlier),
                ],
            };
    }

    private static AppPlan WithoutReached(this AppPlan app, string packageFullName) =>
        app with { Reached = [.. app.Reached.Where(reached => reached.Release.Package.FullName != packageFullName)] };

    private static AppPlan Become(this AppPlan app, PlannedRelease next) => app with
    {
        Current = next,
        Reached = [],
        Earlier =
        [
            .. new[] { app.Current }.OfType<PlannedRelease>().Concat(app.Earlier)
                .Where(release => release.Package.FullName != next.Package.FullName)
                .Take(AppPlan.MostEarlier),
        ],
    };

    private static bool IsHigher(PackageReference package, PackageReference? other) =>
        other is null || Version.Parse(package.Version) > Version.Parse(other.Version);
}

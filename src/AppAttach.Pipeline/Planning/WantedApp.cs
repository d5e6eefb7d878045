using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Planning;

/// <summary>What one host should have of one family.</summary>
/// <param name="App">The family's plan.</param>
/// <param name="Registered">The release that its users should have; null: none.</param>
/// <param name="Staged">Releases that may be, and should be, staged: the registered one, and one that comes or may have to come back.</param>
/// <param name="IsInMotion">Whether a rollout is just bringing the host's ring from one phase to the next: nobody else sends commands then.</param>
public sealed record WantedApp(AppPlan App, PlannedRelease? Registered, IReadOnlyList<PlannedRelease> Staged, bool IsInMotion)
{
    /// <summary>What a host should have of a family.</summary>
    /// <param name="app">The family's plan.</param>
    /// <param name="host">The host's name.</param>
    /// <returns>What it should have.</returns>
    public static WantedApp Of(AppPlan app, string host)
    {
        var current = BaseOf(app, host);
        if (app.Rollout is not { } rollout)
        {
            return new WantedApp(app, current, Of(current), IsInMotion: false);
        }

        var phase = rollout.Phases[RingMembership.RingOf(host, rollout.Rings)];
        return phase switch
        {
            RingPhase.Waiting => new WantedApp(app, current, Of(current), IsInMotion: false),
            RingPhase.Staging or RingPhase.Staged => new WantedApp(app, current, Of(current, rollout.Release), phase == RingPhase.Staging),

            // The current release stays staged until the rollout is over: going back takes no copying then.
            _ => new WantedApp(app, rollout.Release, Of(rollout.Release, current), phase == RingPhase.Registering),
        };
    }

    /// <summary>The last release that was good on a host, leaving the rollout aside that is in charge.</summary>
    /// <param name="app">The family's plan.</param>
    /// <param name="host">The host's name.</param>
    /// <returns>What it goes back to; null: nothing.</returns>
    public static PlannedRelease? BaseOf(AppPlan app, string host) =>
        app.Reached.FirstOrDefault(reached => reached.Good.Contains(RingMembership.RingOf(host, reached.Rings)))?.Release ?? app.Current;

    private static IReadOnlyList<PlannedRelease> Of(params ReadOnlySpan<PlannedRelease?> releases)
    {
        var staged = new List<PlannedRelease>();
        foreach (var release in releases)
        {
            if (release is not null && staged.TrueForAll(other => other.Package.FullName != release.Package.FullName))
            {
                staged.Add(release);
            }
        }

        return staged;
    }
}

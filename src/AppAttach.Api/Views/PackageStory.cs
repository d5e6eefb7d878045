using AppAttach.Pipeline.Catalog;

namespace AppAttach.Api.Views;

/// <summary>A package's way from drop to hosts.</summary>
/// <param name="Package">What became of the drop.</param>
/// <param name="NextStep">What to do about it; null: nothing.</param>
/// <param name="Release">The release; null: it has not come that far.</param>
/// <param name="Rollouts">The rollouts that bring it.</param>
/// <param name="Timeline">What happened, in order.</param>
/// <param name="Places">Where it is, a pool each.</param>
public sealed record PackageStory(
    PackageRecord Package,
    string? NextStep,
    ReleaseRecord? Release,
    IReadOnlyList<RolloutSummary> Rollouts,
    IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<PackagePlace> Places);

/// <summary>Something that happened.</summary>
/// <param name="Step">What.</param>
/// <param name="At">When.</param>
/// <param name="Detail">More of it.</param>
/// <param name="IsFailure">Whether it went wrong.</param>
public sealed record TimelineEntry(string Step, DateTimeOffset At, string Detail, bool IsFailure = false);

/// <summary>Where a package is.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Hosts">Its hosts; one of several pools counts in each.</param>
/// <param name="Staged">Hosts that have it mounted.</param>
/// <param name="Registered">Hosts that have it registered for somebody.</param>
public sealed record PackagePlace(string Pool, int Hosts, int Staged, int Registered);

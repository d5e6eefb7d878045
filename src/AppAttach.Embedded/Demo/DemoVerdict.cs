using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;

namespace AppAttach.Embedded.Demo;

/// <summary>What a demo comes to, from the records alone.</summary>
/// <param name="snapshot">The records.</param>
/// <param name="drops">Names of the dropped files.</param>
/// <param name="poolCount">How many pools a release goes to.</param>
internal sealed class DemoVerdict(DemoStatus snapshot, IReadOnlyList<string> drops, int poolCount)
{
    private readonly List<PackageRecord> _packages = [.. snapshot.Packages.Where(package => drops.Contains(package.Drop))];

    /// <summary>Whether nothing more will happen to the dropped packages.</summary>
    public bool IsOver => _packages.Count == drops.Count && _packages.All(IsAtItsEnd);

    /// <summary>How it ended; a rejection counts before a failure, as it is the more exact answer.</summary>
    public ExitCode ExitCode =>
        _packages.Any(package => package.State == PackageState.Rejected) ? ExitCode.Rejected
        : _packages.All(IsRegisteredEverywhere) ? ExitCode.Done
        : ExitCode.Failed;

    /// <summary>What to tell, a sentence a line.</summary>
    /// <param name="listeners">The hosts.</param>
    /// <returns>The sentences.</returns>
    public IEnumerable<string> Sentences(IReadOnlyList<DemoListener> listeners)
    {
        foreach (var package in _packages)
        {
            if (package.Package is null || package.Code is not null)
            {
                yield return $"{package.Drop} was {(package.State == PackageState.Rejected ? "rejected" : "not published everywhere")}: {package.Code}: {package.Message}";
                continue;
            }

            foreach (var note in package.Notes)
            {
                yield return note.ToString();
            }

            foreach (var copy in snapshot.Releases.Single(release => release.Package == package.Package).Copies)
            {
                yield return $"Region {copy.Region} has a verified copy: {copy.Path}";
            }

            if (NewerThan(package) is { } newer && RolloutsOf(package).Count() < poolCount)
            {
                yield return $"{package.Package.FullName} is available; hosts get {newer.FullName} instead, which is newer.";
            }

            foreach (var host in RolloutsOf(package).SelectMany(rollout => rollout.Hosts))
            {
                var listener = listeners.Single(candidate => candidate.Host.Name == host.Host);
                yield return host.Progress == HostProgress.Registered
                    ? $"{package.Package.FullName} is registered on {host.Host}: {Path.Combine(listener.Options.StateFolder, "users")}"
                    : $"{package.Package.FullName} is not registered on {host.Host}: {host.Code}: {host.Message} (log: {listener.LogPath})";
            }
        }
    }

    private bool IsAtItsEnd(PackageRecord package) => package.State switch
    {
        PackageState.Rejected or PackageState.Failed => true,
        PackageState.Released or PackageState.PartlyReleased =>
            RolloutsOf(package).All(rollout => rollout.State != RolloutState.Running)
            && (RolloutsOf(package).Count() >= poolCount || package.State == PackageState.PartlyReleased || NewerThan(package) is not null),
        _ => false,
    };

    private bool IsRegisteredEverywhere(PackageRecord package) =>
        package.State == PackageState.Released && RolloutsOf(package).All(rollout => rollout.State == RolloutState.Completed);

    /// <summary>A release of the same app that is newer: nobody is rolled back to the older one.</summary>
    private PackageReference? NewerThan(PackageRecord package) => snapshot.Releases
        .Where(release => release.Copies.Count > 0)
        .Select(release => release.Package)
        .FirstOrDefault(other => other.IsNewerThan(package.Package!));

    private IEnumerable<RolloutRecord> RolloutsOf(PackageRecord package) =>
        snapshot.Rollouts.Where(rollout => rollout.Package == package.Package);
}

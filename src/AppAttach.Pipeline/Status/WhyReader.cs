using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Planning;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline.Status;

/// <summary>One link of the chain from drop to host.</summary>
/// <param name="Step">What should be so.</param>
/// <param name="IsDone">Whether it is.</param>
/// <param name="Detail">How it stands, with the first thing that is in the way.</param>
/// <param name="At">When it came to stand so, where that is known.</param>
public sealed record WhyStep(string Step, bool IsDone, string Detail, DateTimeOffset? At = null);

/// <summary>Why a package is, or is not, on a host.</summary>
/// <param name="Package">Full name of the package.</param>
/// <param name="Host">The host.</param>
/// <param name="Steps">The chain, from drop to host.</param>
/// <param name="Obstacle">The first step that is not done; null: the package is there.</param>
public sealed record WhyAnswer(string Package, string Host, IReadOnlyList<WhyStep> Steps, WhyStep? Obstacle);

/// <summary>Answers "why is this package not on that host" from the catalog.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="fleet">Finds assignments and batches.</param>
/// <param name="options">The pools.</param>
public sealed class WhyReader(ICatalog catalog, FleetReader fleet, PipelineOptions options)
{
    /// <summary>The step that is not done where nothing of the package's name was dropped.</summary>
    public const string DroppedStep = "dropped";

    /// <summary>The step that is not done where no host of the name is known, or its pool is not.</summary>
    public const string HostStep = "host known";

    /// <summary>Follows the chain.</summary>
    /// <param name="packageFullName">Full name of the package.</param>
    /// <param name="hostName">The host.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer.</returns>
    public async Task<WhyAnswer> ReadAsync(string packageFullName, string hostName, CancellationToken cancellationToken)
    {
        var steps = new List<WhyStep>();
        var host = (await catalog.ReadAsync<HostRecord>(DocumentKinds.Hosts, hostName, cancellationToken))?.Document;
        var pool = host is null ? null : await FindPoolAsync(host.Hello, packageFullName, cancellationToken);
        var release = await AddReleaseAsync(steps, packageFullName, pool, cancellationToken);
        steps.Add(host is null
            ? new WhyStep(HostStep, false, $"No host {hostName} has said hello: look whether its listener runs and reaches the bus.")
            : new WhyStep(HostStep, pool is not null, host.Note ?? $"It is in {string.Join(", ", host.Hello.Pools)} and was last heard at {host.LastSeenAt:u}.", host.FirstSeenAt));
        if (host is not null && pool is not null && release is not null)
        {
            await AddPlanAsync(steps, release, host, pool, cancellationToken);
            AddHost(steps, release, host);
        }

        return new WhyAnswer(packageFullName, hostName, steps, steps.Find(step => !step.IsDone));
    }

    /// <summary>The pool of the host's that its family comes from; its own where none has it.</summary>
    private async Task<PoolOptions?> FindPoolAsync(HostHello hello, string package, CancellationToken cancellationToken)
    {
        var plans = await fleet.PlansAsync(hello.Pools, [], cancellationToken);
        return options.FindPool((HostDifference.Parse(package) is { } parsed ? HostPlan.FindPlan(plans, parsed.FamilyName, hello.Host)?.Pool : null) ?? hello.Pool);
    }

    private async Task<ReleaseRecord?> AddReleaseAsync(List<WhyStep> steps, string package, PoolOptions? pool, CancellationToken cancellationToken)
    {
        var drop = await catalog.ListAsync<PackageRecord>(DocumentKinds.Packages, cancellationToken)
            .Select(entry => entry.Document)
            .Where(record => record.Package?.FullName == package)
            .OrderByDescending(record => record.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
        var release = (await catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, package, cancellationToken))?.Document;
        steps.Add(drop is null && release is null
            ? new WhyStep(DroppedStep, false, $"Nothing was dropped that is {package}.")
            : new WhyStep(DroppedStep, true, drop?.Drop ?? "Its drop is not recorded any more.", drop?.StartedAt));
        var state = drop is null ? "It was not dropped." : $"{drop.State}: {drop.Code} {drop.Message}";
        var isVerified = drop?.VerifiedAt is not null || release is not null;
        steps.Add(new WhyStep("verified", isVerified, isVerified ? package : state, drop?.VerifiedAt));
        steps.Add(release?.Image is not null
            ? new WhyStep("converted", true, release.Image.Name, release.ConvertedAt ?? release.ClaimedAt)
            : new WhyStep("converted", false, release?.RetiredAt is { } retired ? $"It was retired at {retired:u} and its images are deleted." : state));
        if (pool is not null)
        {
            var copy = release?.Copies.FirstOrDefault(candidate => candidate.Region == pool.Region);
            steps.Add(new WhyStep(
                $"copied to {pool.Region}", copy is not null, copy?.Path ?? $"The region {pool.Region} has no verified copy: {drop?.Message ?? "it is being made."}", copy?.VerifiedAt));
        }

        return release;
    }

    private async Task AddPlanAsync(
        List<WhyStep> steps, ReleaseRecord release, HostRecord host, PoolOptions pool, CancellationToken cancellationToken)
    {
        var family = release.Package.FamilyName;
        var assignment = await fleet.FindAssignmentAsync(pool.Name, family, cancellationToken);
        steps.Add(new WhyStep(
            "assigned", assignment is not null, assignment is null ? $"{family} is not assigned to {pool.Name}." : $"By {assignment.RequestedBy ?? "the settings"}."));
        var app = (await catalog.ReadAsync<PoolPlan>(DocumentKinds.Plans, PoolPlan.KeyOf(pool.Name), cancellationToken))?.Document.Find(family);
        var last = await catalog.ListAsync<RolloutRecord>(DocumentKinds.Rollouts, cancellationToken)
            .Select(entry => entry.Document)
            .Where(rollout => rollout.Package.FullName == release.Package.FullName && string.Equals(rollout.Pool, pool.Name, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(rollout => rollout.StartedAt)
            .FirstOrDefaultAsync(cancellationToken);
        var current = app is null ? null : WantedApp.BaseOf(app, host.Hello.Host);
        var isCurrent = current?.Package.FullName == release.Package.FullName;
        steps.Add(new WhyStep(
            "rolled out",
            isCurrent || app?.Rollout?.Release.Package.FullName == release.Package.FullName,
            last is not null
                ? $"The rollout {last.Id}, asked for by {last.RequestedBy ?? "the settings"}, is {last.State}{(last.Message is { } message ? $": {message}" : ".")}"
                : isCurrent ? "It is current." : $"No rollout brings it; {current?.Package.FullName ?? "nothing"} is current.",
            last?.StartedAt));
        if (app is null || isCurrent)
        {
            return;
        }

        var wanted = WantedApp.Of(app, host.Hello.Host);
        if (app.Rollout is { } rollout)
        {
            var ring = RingMembership.RingOf(host.Hello.Host, rollout.Rings);
            var isReached = rollout.Phases[ring] > RingPhase.Waiting;
            steps.Add(new WhyStep(
                $"ring {rollout.Rings[ring].Name} reached", isReached,
                isReached ? $"The ring is {rollout.Phases[ring]}." : $"The ring waits for those before it{(last?.State == RolloutState.Paused ? ", and the rollout is paused" : "")}.",
                last?.Rings[ring].Since));
            if (last is not null && isReached)
            {
                AddProgress(steps, await fleet.BatchesAsync(last, ring, cancellationToken), host.Hello.Host);
            }
        }

        if (wanted.Registered?.Package.FullName != release.Package.FullName)
        {
            steps.Add(new WhyStep("wanted on this host", false, $"{wanted.Registered?.Package.FullName ?? "Nothing"} is what it should have now."));
        }
    }

    private static void AddProgress(List<WhyStep> steps, IEnumerable<RolloutBatch> batches, string host)
    {
        if (batches.SelectMany(batch => batch.Hosts).FirstOrDefault(member => string.Equals(member.Host, host, StringComparison.OrdinalIgnoreCase)) is { } member)
        {
            steps.Add(new WhyStep(
                "host took it", member.Code is null, member.Code is null ? $"{member.Progress}." : $"{member.Code}: {member.Message}"));
        }
    }

    private void AddHost(List<WhyStep> steps, ReleaseRecord release, HostRecord host)
    {
        var name = release.Package.FullName;
        var reasons = Preflight.Judge(host.Hello, release.Package, release.Needs, options.LeastListenerVersion);
        steps.Add(new WhyStep(
            "host can take it", reasons.Count == 0, reasons.Count == 0 ? "Nothing that it said of itself speaks against it." : string.Join("; ", reasons) + ".", host.Hello.SentAt));
        var item = host.Hello.Inventory.FirstOrDefault(there => there.PackageFullName == name);
        var command = host.Commands.LastOrDefault(sent => sent.PackageFullName == name && sent.Kind is (CommandKind.Stage or CommandKind.Register));
        var said = command is null
            ? ""
            : command.Code is not null
                ? $" {command.Kind} failed {command.Failures} times: {command.Code}: {command.Message} It is tried again at {command.RetryAt:u}."
                : command.Result is null ? $" {command.Kind} was sent at {command.SentAt:u} and not answered yet." : "";
        steps.Add(new WhyStep("staged", item is { IsMounted: true }, item switch
        {
            null => $"The host does not have it.{said}",
            { IsMounted: false } => $"Its image is not mounted.{said}",
            _ => item.ImagePath,
        }, host.Hello.SentAt));
        steps.Add(new WhyStep(
            "registered",
            item is not null && HostDifference.HasUsers(item),
            item is { RegisteredUsers.Count: > 0 } ? $"For {string.Join(", ", item.RegisteredUsers)}."
                : item is { Mode: RegisterMode.OnDemand, RegisteredFor: not null } ? $"It is offered, and nobody has asked for it.{said}"
                : $"No user has it.{said}",
            host.Hello.SentAt));
    }
}

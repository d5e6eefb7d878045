using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Retention;

/// <summary>What a sweep found about one release.</summary>
/// <param name="PackageFullName">The release.</param>
/// <param name="IsDeleted">Whether its images are deleted, or would be in a dry run.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record RetentionFinding(string PackageFullName, bool IsDeleted, string Reason);

/// <summary>Deletes the images of releases that nothing wants any more, region by region, the hub last. What fails is tried again by the next sweep.</summary>
/// <param name="catalog">Holds everything.</param>
/// <param name="shares">The regions' copies.</param>
/// <param name="images">The hub.</param>
/// <param name="options">What is kept.</param>
/// <param name="clock">The clock.</param>
public sealed class RetentionSweep(ICatalog catalog, IRegionalShares shares, IImageStore images, PipelineOptions options, TimeProvider clock)
{
    /// <summary>How far clocks of hosts may differ from ours.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(15);

    /// <summary>Looks at every release.</summary>
    /// <param name="isDryRun">Whether nothing is changed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What it found, by full name.</returns>
    public async Task<IReadOnlyList<RetentionFinding>> RunAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        var view = await ReadAsync(cancellationToken);
        var findings = new List<RetentionFinding>();
        foreach (var release in view.Releases.Where(release => release.Image is not null))
        {
            findings.Add(await LookAsync(release, view, isDryRun, cancellationToken));
        }

        return findings;
    }

    private async Task<RetentionFinding> LookAsync(ReleaseRecord release, RetentionView view, bool isDryRun, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var name = release.Package.FullName;
        if (RetentionRule.WhyKept(release, view, options.Retention, now) is { } why)
        {
            await MarkAsync(release, null, isDryRun, cancellationToken);
            return new RetentionFinding(name, IsDeleted: false, why);
        }

        if (RetentionRule.WhyNotYet(release, view, options.Retention, options.CommandDeadline + ClockDifference, now) is { } until)
        {
            await MarkAsync(release, release.UnwantedSince ?? now, isDryRun, cancellationToken);
            return new RetentionFinding(name, IsDeleted: false, until);
        }

        if (!isDryRun)
        {
            await DeleteAsync(release, cancellationToken);
        }

        return new RetentionFinding(name, IsDeleted: true, release.RetiredAt is null ? "nothing wants it" : "it is retired and nobody has it");
    }

    private async Task DeleteAsync(ReleaseRecord release, CancellationToken cancellationToken)
    {
        // Retired first: from here on no rollout begins with it, whatever becomes of the rest.
        var name = release.Package.FullName;
        await UpdateAsync(release, current => current with { RetiredAt = current.RetiredAt ?? clock.GetUtcNow() }, cancellationToken);
        var view = await ReadAsync(cancellationToken);
        if (RetentionRule.WhyKept(release with { RetiredAt = clock.GetUtcNow() }, view, options.Retention, clock.GetUtcNow()) is not null)
        {
            return;
        }

        foreach (var copy in release.Copies)
        {
            await shares.Get(copy.Region).DeleteAsync(release.Image!.Name, cancellationToken);
            await UpdateAsync(
                release, current => current with { Copies = [.. current.Copies.Where(other => other.Region != copy.Region)] }, cancellationToken);
        }

        // The document stays, without an image: its full name is taken for good.
        await images.DeleteAsync(release.Image!.Name, cancellationToken);
        if (release.Image.Manifest is { } manifest)
        {
            await images.DeleteAsync(manifest, cancellationToken);
        }

        await UpdateAsync(release, current => current with { Image = null }, cancellationToken);
    }

    private Task MarkAsync(ReleaseRecord release, DateTimeOffset? since, bool isDryRun, CancellationToken cancellationToken) =>
        isDryRun || release.UnwantedSince == since
            ? Task.CompletedTask
            : UpdateAsync(release, current => current with { UnwantedSince = since }, cancellationToken);

    private Task UpdateAsync(ReleaseRecord release, Func<ReleaseRecord, ReleaseRecord> change, CancellationToken cancellationToken) =>
        catalog.UpdateAsync<ReleaseRecord>(
            DocumentKinds.Releases, release.Package.FullName, current => change(current ?? release), cancellationToken);

    private async Task<RetentionView> ReadAsync(CancellationToken cancellationToken) => new(
        await catalog.ReadAllAsync<ReleaseRecord>(DocumentKinds.Releases, cancellationToken),
        await catalog.ReadAllAsync<PoolPlan>(DocumentKinds.Plans, cancellationToken),
        await catalog.ReadAllAsync<RolloutRecord>(DocumentKinds.Rollouts, cancellationToken),
        await catalog.ReadAllAsync<HostRecord>(DocumentKinds.Hosts, cancellationToken));
}

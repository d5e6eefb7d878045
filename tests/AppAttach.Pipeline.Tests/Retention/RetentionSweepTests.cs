using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Requests;
using AppAttach.Pipeline.Retention;

namespace AppAttach.Pipeline.Tests.Retention;

/// <summary>What becomes of the images of releases that nothing wants any more.</summary>
public sealed class RetentionSweepTests
{
    private static readonly string[] Pools = ["pool-east", "pool-west"];

    [Fact]
    public async Task DryRun_SaysWhatAndWhy_AndChangesNothing()
    {
        await using var host = await FleetAsync();
        await ReleaseAsync(host, "1.0.0.0");
        await ReleaseAsync(host, "2.0.0.0");
        var before = Everything(host);

        var findings = await SweepAsync(host, isDryRun: true);

        Assert.Equal(
            [("1.0.0.0", "a pool would go back to it"), ("2.0.0.0", "it is current in a pool")],
            findings.Select(finding => (finding.PackageFullName.Split('_')[1], finding.Reason)));
        Assert.DoesNotContain(findings, finding => finding.IsDeleted);
        Assert.Equal(before, Everything(host));
    }

    [Fact]
    public async Task RetiredRelease_GoesRegionByRegion_WhenNobodyHasIt_AndAShareThatIsAwayKeepsItsCopyForTheNextSweep()
    {
        await using var host = await FleetAsync();
        await ReleaseAsync(host, "1.0.0.0");
        await ReleaseAsync(host, "2.0.0.0");
        var retired = Releases(host)[0];
        await host.Get<RequestHandler>().HandleAsync(
            new PipelineRequest { Id = "retire", Verb = RequestVerb.Retire, RequestedBy = "/test", Package = retired.Package.FullName }, CancellationToken.None);

        // Hosts gave it up with the update; a late command could still bring it, so the grace time passes first.
        Assert.Contains("it has only just become unwanted", Reason(await SweepAsync(host), retired), StringComparison.Ordinal);
        Assert.Contains("it is kept until", Reason(await SweepAsync(host), retired), StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Contains("has not been heard of since", Reason(await SweepAsync(host), retired), StringComparison.Ordinal);
        await HelloAsync(host);
        Assert.True((await SweepAsync(host, isDryRun: true)).Single(finding => finding.PackageFullName == retired.Package.FullName).IsDeleted);
        Assert.Equal(2, Releases(host)[0].Copies.Count);

        host.Shares["west"].IsAway = true;
        await Assert.ThrowsAnyAsync<Exception>(() => SweepAsync(host));
        Assert.Equal(["west"], Releases(host)[0].Copies.Select(copy => copy.Region));
        Assert.Contains(retired.Image!.Name, host.Images.Images.Keys);

        host.Shares["west"].IsAway = false;
        await SweepAsync(host);
        Assert.Equal((0, null), (Releases(host)[0].Copies.Count, Releases(host)[0].Image));
        Assert.DoesNotContain(retired.Image.Name, host.Images.Images.Keys);
        Assert.All(Pools, pool => Assert.DoesNotContain(retired.Image.Name, host.Shares[pool["pool-".Length..]].Copies.Keys));
        Assert.Equal(2, Releases(host)[1].Copies.Count);
    }

    [Fact]
    public async Task RetiredReleaseThatAHostHasMounted_IsKept()
    {
        await using var host = await FleetAsync();
        await ReleaseAsync(host, "1.0.0.0");
        var retired = Releases(host)[0];
        host.Bus.Answers = _ => null;
        await host.Get<RequestHandler>().HandleAsync(
            new PipelineRequest { Id = "retire", Verb = RequestVerb.Retire, RequestedBy = "/test", Package = retired.Package.FullName }, CancellationToken.None);
        host.Clock.Advance(TimeSpan.FromDays(2));
        await HelloAsync(host);

        var finding = Assert.Single(await SweepAsync(host));

        Assert.Equal((false, "host-east has it"), (finding.IsDeleted, finding.Reason));
        Assert.Equal(2, Releases(host)[0].Copies.Count);
    }

    private static async Task<PipelineTestHost> FleetAsync()
    {
        var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        await HelloAsync(host);
        return host;
    }

    private static async Task HelloAsync(PipelineTestHost host)
    {
        foreach (var pool in Pools)
        {
            await host.HelloAsync("host-" + pool["pool-".Length..], pool);
        }
    }

    private static async Task ReleaseAsync(PipelineTestHost host, string version)
    {
        await host.PublishAsync(version + ".msix", Packages.Sample(version: version));
        await host.AllRolloutsAsync();
        await HelloAsync(host);
        await HelloAsync(host);
    }

    private static Task<IReadOnlyList<RetentionFinding>> SweepAsync(PipelineTestHost host, bool isDryRun = false) =>
        host.Get<RetentionSweep>().RunAsync(isDryRun, CancellationToken.None);

    private static string Reason(IReadOnlyList<RetentionFinding> findings, ReleaseRecord release) =>
        findings.Single(finding => finding.PackageFullName == release.Package.FullName).Reason;

    private static List<ReleaseRecord> Releases(PipelineTestHost host) =>
        [.. host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).OrderBy(release => release.Package.Version, StringComparer.Ordinal)];

    private static string Everything(PipelineTestHost host) => string.Join(
        '\n',
        Releases(host).Select(release => $"{release.Package.FullName} {release.UnwantedSince} {release.RetiredAt} {release.Image?.Name} {string.Join(',', release.Copies)}")
            .Concat(host.Images.Images.Keys.Order(StringComparer.Ordinal))
            .Concat(Pools.SelectMany(pool => host.Shares[pool["pool-".Length..]].Copies.Keys.Order(StringComparer.Ordinal))));
}

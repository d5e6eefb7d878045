using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;

namespace AppAttach.Pipeline.Tests.Intake;

public sealed class PublishPackageOrchestratorTests
{
    [Fact]
    public async Task SoundPackage_IsReleasedInAllRegions()
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();

        var result = await host.PublishAsync("sample.msix", Packages.Sample());

        Assert.Equal(PackageState.Released, result.State);
        Assert.Null(result.Code);
        var release = Assert.Single(host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases));
        Assert.Equal(["east", "west"], release.Copies.Select(copy => copy.Region));
        Assert.Equal($"//east/images/{Packages.SampleFullName}.vhdx", release.Copies[0].Path);
        Assert.Equal([$"{Packages.SampleFullName}.vhdx"], host.Images.Commits);
        Assert.Equal(0, host.Images.Unfinished);
        Assert.Equal(("released", Packages.SampleFullName), host.Inbox.Marks["sample.msix"]);
        var verdict = Assert.Single(host.Bus.Events, sent => sent.Id.EndsWith("-verdict", StringComparison.Ordinal));
        Assert.Equal(MessageTypes.ReleaseAvailable, verdict.Type);
        var record = Assert.Single(host.Catalog.All<PackageRecord>(DocumentKinds.Packages));
        Assert.Equal(PackageState.Released, record.State);
        Assert.Equal(Packages.SampleFullName, record.Package!.FullName);
        Assert.Equal(2, (await host.AllRolloutsAsync()).Count);
    }
}

using AppAttach.Imaging.Manifests;
using AppAttach.Pipeline.Catalog;
using AppAttach.TestKit.Packages;

namespace AppAttach.Pipeline.Tests.Replication;

public sealed class DeltaReplicationTests
{
    private static readonly byte[] Large = PackageBuilder.Content(3_000_000);

    [Fact]
    public async Task NextVersion_TakesFromTheCopyBeforeWhatThatHas()
    {
        await using var host = new PipelineTestHost("east", "west");
        await host.StartAsync();
        await PublishAsync(host, "1.0.0.0", "first");
        var second = await PublishAsync(host, "2.0.0.0", "second");
        Assert.All(second.Copies, copy => Assert.Equal("Contoso.Sample_1.0.0.0_x64__j8tmt7aeqvrx2.vhdx", copy.PreviousImage));
        Assert.All(second.Copies, copy => Assert.InRange(copy.TravelBytes!.Value, 1, Large.Length / 10));
        Assert.Equal(2, host.Shares["east"].Travelled.Count);
        Assert.Equal(second.Copies[0].TravelBytes, host.Shares["east"].Travelled.Last());
        Assert.Equal(host.Images.Images[second.Image!.Name], host.Shares["west"].Copies[second.Image.Name]);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("rubbish")]
    [InlineData("of another image")]
    [InlineData("not in the region")]
    public async Task NothingToBeMadeOfTheVersionBefore_CopiesTheWholeImage(string what)
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var first = await PublishAsync(host, "1.0.0.0", "first");
        var manifest = first.Image!.Manifest!;
        switch (what)
        {
            case "gone":
                host.Images.Manifests.Clear();
                break;
            case "rubbish":
                host.Images.Manifests[manifest] = [1, 2, 3];
                break;
            case "of another image":
                var other = await PublishAsync(host, "1.0.0.0", "first", "Contoso.Other");
                host.Images.Manifests[manifest] = host.Images.Manifests[other.Image!.Manifest!];
                break;
            default:
                await host.Catalog.WriteAsync(
                    DocumentKinds.Releases, first.Package.FullName, first with { Copies = [] }, await ETagAsync(host, first), default);
                break;
        }

        var second = await PublishAsync(host, "2.0.0.0", "second");
        Assert.Null(Assert.Single(second.Copies).PreviousImage);
        Assert.Equal(host.Images.Images[second.Image!.Name], host.Shares["east"].Copies[second.Image.Name]);
    }

    [Fact]
    public async Task Manifest_GoesWithTheImageInTheHub()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var release = await PublishAsync(host, "1.0.0.0", "first");
        using var manifest = new MemoryStream(host.Images.Manifests[release.Image!.Manifest!]);
        var header = ImageManifest.Read(manifest);
        Assert.Equal((release.Image.Digest, release.Image.SizeBytes, "apps"), (header.Digest, header.SizeBytes, header.RootFolder));
    }

    [Fact]
    public async Task NextVersion_IsLaidOutAfterTheOneBefore_TheSameAtEveryAttempt()
    {
        await using var host = new PipelineTestHost("east");
        await host.StartAsync();
        var first = await PublishAsync(host, "1.0.0.0", "first");
        Assert.Null(first.Base);
        var commits = new List<byte[]>();
        host.Faults.Refuses = call =>
        {
            // The first attempt is lost between the commit of the image and the moment at which the catalog knows of it.
            if (call == "images.open" && host.Images.Commits.Count(name => name.Contains("_3.0.0.0_", StringComparison.Ordinal)) == 1)
            {
                commits.Add(host.Images.Images["Contoso.Sample_3.0.0.0_x64__j8tmt7aeqvrx2.vhdx"]);
                if (commits.Count == 1)
                {
                    return new IOException("The hub is away.");
                }
            }

            return null;
        };
        var third = await PublishAsync(host, "3.0.0.0", "third");
        Assert.Equal(first.Image!.Manifest, third.Base);
        Assert.Equal(commits[0], host.Images.Images[third.Image!.Name]);
    }

    private static async Task<string?> ETagAsync(PipelineTestHost host, ReleaseRecord release) =>
        (await host.Catalog.ReadAsync<ReleaseRecord>(DocumentKinds.Releases, release.Package.FullName, default))?.ETag;

    private static async Task<ReleaseRecord> PublishAsync(PipelineTestHost host, string version, string content, string name = "Contoso.Sample")
    {
        var package = new PackageBuilder { Name = name, Version = version }.With("app.exe", content).With("large.bin", Large).Build();
        Assert.Equal(PackageState.Released, (await host.PublishAsync($"{name}-{version}.msix", package)).State);
        return host.Catalog.All<ReleaseRecord>(DocumentKinds.Releases).Single(
            release => release.Package.FullName.StartsWith($"{name}_{version}_", StringComparison.Ordinal));
    }
}

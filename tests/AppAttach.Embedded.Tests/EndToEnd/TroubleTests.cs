using AppAttach.Pipeline.Catalog;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>Trouble that passes: a share that is away, a file that may not be read.</summary>
[Collection(ProcessCollection.Name)]
public sealed class TroubleTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    [Fact]
    public async Task ShareAway_TheOtherRegionGoesOn_AndItsReturnEndsAsIfItHadNotBeen()
    {
        await using var fleet = new TestFleet();
        await fleet.StartAsync();
        Directory.Move(fleet.PathOf("shares", "south"), fleet.PathOf("away"));
        await fleet.DropAsync(undisturbed.Package);
        await Eventually.IsTrueAsync(
            async () => (await fleet.ListAsync<RolloutRecord>(DocumentKinds.Rollouts)).Any(rollout => rollout.State == RolloutState.Completed),
            "the package is registered in the north");
        Assert.Equal("north", Assert.Single((await fleet.ListAsync<ReleaseRecord>(DocumentKinds.Releases)).Single().Copies).Region);
        Directory.Move(fleet.PathOf("away"), fleet.PathOf("shares", "south"));
        Assert.Equal(undisturbed.End, await fleet.EndAsync(Eventually.DefaultLimit));
    }

    [Fact]
    public async Task FileThatMayNotBeRead_DoesNotKeepOthersBack()
    {
        Judge.Require("setpriv");
        if (Environment.UserName != "root")
        {
            Judge.Missing("Another user can only be taken on by root.");
        }

        using var folder = new TemporaryFolder();
        var data = folder.PathOf("data");
        await Judge.PassAsync("chmod", "777", folder.Path);
        Directory.CreateDirectory(Path.Combine(data, "trust"));
        File.Copy(PackageCorpus.Certificate, Path.Combine(data, "trust", "contoso.pem"));
        await Judge.PassAsync("chmod", "777", data);
        await using var host = AppAttachProcess.StartAs(65534, "run", "--data", data, "--urls", "http://127.0.0.1:0");
        await Eventually.IsTrueAsync(() => host.HasEnded || host.Output.Contains("Serving", StringComparison.Ordinal), "the host serves");
        Assert.False(host.HasEnded, host.Error);
        foreach (var (name, mode) in ((string, string)[])[("secret.msix", "000"), ("valid.msix", "644")])
        {
            var path = Path.Combine(data, "inbox", name);
            File.Copy(PackageCorpus.PathOf("synthetic/valid-signed.msix"), path + ".part");
            await Judge.PassAsync("chmod", mode, path + ".part");
            File.Move(path + ".part", path);
        }

        await Eventually.IsTrueAsync(() => host.HasEnded || File.Exists(Path.Combine(data, "inbox", "valid.msix.released.txt")), "the other package is released");
        Assert.False(host.HasEnded, host.Output);
        await host.TerminateAsync();
        Assert.Equal(0, await host.EndAsync());
    }
}

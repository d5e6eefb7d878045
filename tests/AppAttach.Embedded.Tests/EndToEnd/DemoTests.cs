using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.TestKit.Packages;

namespace AppAttach.Embedded.Tests.EndToEnd;

/// <summary>The main job in one command, as a person runs it, with everything it leaves looked at from outside.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DemoTests
{
    private const string Sample = "AppAttach.Sample_1.0.0.0_x64__7eykf1sczab52";
    private const string Coffee = "CentennialCoffee_1.1.0.0_neutral__8wekyb3d8bbwe";
    private const string Contoso = "Contoso.Sample_1.2.3.4_x64__j8tmt7aeqvrx2";

    [Fact]
    public async Task WithoutPackage_SampleIsRegisteredOnEveryHost()
    {
        await using var folder = new DemoFolder();
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("demo", "--data", folder.Path);
        Assert.True(exitCode == 0, output + error);
        Assert.Empty(error);
        await RequireEverywhereAsync(folder, Sample, Path.Combine(folder.Path, "inbox", "AppAttach.Sample.msix"));
        RequireNothingElse(folder, Sample);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task TwoRealPackages_AreRegisteredOnEveryHost()
    {
        await using var folder = new DemoFolder();
        var coffee = PackageCorpus.PathOf("msix-packaging/CentennialCoffee.appx");
        var contoso = PackageCorpus.PathOf("synthetic/valid-zip64-dd.msix");
        var (exitCode, output, error) = await AppAttachProcess.RunAsync("demo", coffee, contoso, "--data", folder.Path, "--signature", "ignore");
        Assert.True(exitCode == 0, output + error);
        Assert.Empty(error);
        await RequireEverywhereAsync(folder, Coffee, coffee);
        await RequireEverywhereAsync(folder, Contoso, contoso);
        RequireNothingElse(folder, Coffee, Contoso);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task SignedBundle_IsRegisteredOnEveryHost()
    {
        const string taken = "Contoso.Bundle_1.2.3.4_x64__j8tmt7aeqvrx2";
        await using var folder = new DemoFolder();
        var (exitCode, output, error) = await AppAttachProcess.RunAsync(
            "demo", PackageCorpus.PathOf("synthetic/valid-signed-bundle.msixbundle"), "--data", folder.Path, "--signature", "intact");
        Assert.True(exitCode == 0, output + error);
        Assert.Contains($"Taken of the bundle: {taken} (is for x64)", output, StringComparison.Ordinal);
        RequireNothingElse(folder, taken);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task OneBrokenPackage_EndsWithItsCodeAndLeavesNothing()
    {
        await using var folder = new DemoFolder();
        var broken = PackageCorpus.PathOf("synthetic/invalid-deflate-corrupt.msix");
        var (exitCode, output, _) = await AppAttachProcess.RunAsync("demo", broken, "--data", folder.Path, "--signature", "ignore");
        Assert.Equal((int)ExitCode.Rejected, exitCode);
        Assert.Contains($"invalid-deflate-corrupt.msix was rejected: {ErrorCodes.BlockmapMismatch}: ", output, StringComparison.Ordinal);
        RequireNothingElse(folder);
        await folder.RequireNothingUpAsync();
    }

    [Theory]
    [InlineData("synthetic/valid-zip64-dd.msix", ErrorCodes.SignatureMissing)]
    [InlineData("synthetic/valid-signed.msix", ErrorCodes.PublisherUntrusted)]
    public async Task SoundPackageThatNobodyVouchesFor_IsRejectedUnlessAskedOtherwise(string path, string code)
    {
        await using var folder = new DemoFolder();
        var (exitCode, output, _) = await AppAttachProcess.RunAsync("demo", PackageCorpus.PathOf(path), "--data", folder.Path);
        Assert.Equal((int)ExitCode.Rejected, exitCode);
        Assert.Contains($"{Path.GetFileName(path)} was rejected: {code}: ", output, StringComparison.Ordinal);
        RequireNothingElse(folder);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task BrokenPackagesOfManyKinds_EachIsRejectedWithItsCode()
    {
        (string Package, string Code)[] broken =
        [
            ("msix-packaging/Empty.appx", ErrorCodes.NotAPackage),
            ("msix-packaging/BlockMap/No_blockmap.appx", ErrorCodes.BlockmapMissing),
            ("msix-packaging/BlockMap/Extra_file_in_blockmap.msix", ErrorCodes.BlockmapInvalid),
            ("msix-packaging/InvalidSignatureInvalidCodeIntegrityXML.appx", ErrorCodes.ContentTypesInvalid),
            ("synthetic/invalid-encrypted-flag.msix", ErrorCodes.Encrypted),
            ("synthetic/invalid-traversal-dotdot.msix", ErrorCodes.UnsafeName),
            ("synthetic/invalid-version-range.msix", ErrorCodes.ManifestInvalid),
            ("synthetic/invalid-zip-duplicate.msix", ErrorCodes.ZipCorrupt),
            ("synthetic/invalid-signed-tampered-payload.msix", ErrorCodes.BlockmapMismatch),
        ];
        await using var folder = new DemoFolder();
        var (exitCode, output, _) = await AppAttachProcess.RunAsync(
            ["demo", .. broken.Select(one => PackageCorpus.PathOf(one.Package)), "--data", folder.Path, "--signature", "ignore"]);
        Assert.Equal((int)ExitCode.Rejected, exitCode);
        foreach (var (package, code) in broken)
        {
            Assert.Contains($"{Path.GetFileName(package)} was rejected: {code}: ", output, StringComparison.Ordinal);
            var mark = await File.ReadAllTextAsync(Path.Combine(folder.Path, "inbox", Path.GetFileName(package) + ".rejected.txt"));
            Assert.StartsWith(code + ": ", mark, StringComparison.Ordinal);
        }

        RequireNothingElse(folder);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task SameFullNameWithOtherContent_OneIsPublishedAndTheOtherRejected()
    {
        await using var folder = new DemoFolder();
        var first = PackageCorpus.PathOf("synthetic/valid-zip32-nodd.msix");
        var second = PackageCorpus.PathOf("synthetic/valid-sha512.msix");
        var (exitCode, output, _) = await AppAttachProcess.RunAsync("demo", first, second, "--data", folder.Path, "--signature", "ignore");
        Assert.Equal((int)ExitCode.Rejected, exitCode);
        Assert.Contains($" was rejected: {ErrorCodes.VersionConflict}: ", output, StringComparison.Ordinal);
        var published = output.Contains("valid-zip32-nodd.msix was rejected", StringComparison.Ordinal) ? second : first;
        await RequireEverywhereAsync(folder, Contoso, published);
        RequireNothingElse(folder, Contoso);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task Stay_KeepsMountsAndApiUpUntilTerminated()
    {
        Judge.Require("vhdimount", "ntfs-3g", "losetup");
        await using var folder = new DemoFolder();
        var package = PackageCorpus.PathOf("synthetic/valid-signed.msix");
        await using var demo = AppAttachProcess.Start("demo", package, "--stay", "--data", folder.Path, "--trust", PackageCorpus.Certificate);
        await Eventually.IsTrueAsync(() => demo.HasEnded || demo.Output.Contains("Up until you stop it", StringComparison.Ordinal), "the demo stays up");
        Assert.False(demo.HasEnded, demo.Output + demo.Error);
        foreach (var host in DemoFolder.Hosts)
        {
            var manifest = Path.Combine(folder.Path, "hosts", host, "packages", Contoso, "AppxManifest.xml");
            Assert.Contains("Contoso.Sample", await File.ReadAllTextAsync(manifest), StringComparison.Ordinal);
            Assert.Contains(DemoFolder.MountsBelow(Path.Combine(folder.Path, "hosts", host)), point => File.ResolveLinkTarget(
                Path.GetDirectoryName(manifest)!, returnFinalTarget: true)!.FullName.StartsWith(point + "/", StringComparison.Ordinal));
        }

        var server = demo.Output[demo.Output.LastIndexOf("http://", StringComparison.Ordinal)..].Trim();
        await RequireStatusAsync(server);
        await demo.TerminateAsync();
        Assert.Equal(0, await demo.EndAsync());
        Assert.Empty(demo.Error);
        await folder.RequireNothingUpAsync();
        await RequireEverywhereAsync(folder, Contoso, package);
    }

    [Fact]
    public async Task TerminatedInTheMiddle_TakesEverythingDown()
    {
        await using var folder = new DemoFolder();
        await using var demo = AppAttachProcess.Start("demo", "--data", folder.Path);
        await Eventually.IsTrueAsync(() => folder.Registered("north-1").Count > 0, "a host has registered");
        await demo.TerminateAsync();
        var exitCode = await demo.EndAsync();

        // It may have come to its end just before it was told to stop.
        Assert.True(exitCode == (int)ExitCode.Done || (exitCode == (int)ExitCode.Failed && demo.Error.Trim() == "Stopped before it was done."), demo.Error);
        await folder.RequireNothingUpAsync();
    }

    [Fact]
    public async Task Killed_ListenersEndByThemselves()
    {
        await using var folder = new DemoFolder();
        await using var demo = AppAttachProcess.Start("demo", "--data", folder.Path, "--stay");
        await Eventually.IsTrueAsync(() => demo.Output.Contains("listeners said hello", StringComparison.Ordinal), "listeners are there");
        Assert.Equal(DemoFolder.Hosts.Length, folder.Running().Count(command => command.Contains("listener", StringComparison.Ordinal)));
        await demo.KillAsync();
        await Eventually.IsTrueAsync(() => !folder.Running().Any(command => command.Contains("listener", StringComparison.Ordinal)), "listeners end");
    }

    private static async Task RequireStatusAsync(string server)
    {
        var (exitCode, output, _) = await AppAttachProcess.RunAsync("status", "--json", "--server", server);
        Assert.Equal(0, exitCode);
        using var status = JsonDocument.Parse(output);
        var package = Assert.Single(status.RootElement.GetProperty("packages").EnumerateArray());
        Assert.Equal("released", package.GetProperty("state").GetString());
        var warning = Assert.Single(package.GetProperty("notes").EnumerateArray(), note => note.GetProperty("isWarning").GetBoolean());
        Assert.Equal("timestamp-missing", warning.GetProperty("id").GetString());
        Assert.Equal(4, status.RootElement.GetProperty("pools").EnumerateArray().Sum(pool => pool.GetProperty("hosts").GetInt32()));
        Assert.All(status.RootElement.GetProperty("rollouts").EnumerateArray(), rollout => Assert.Equal("completed", rollout.GetProperty("state").GetString()));
        var text = (await AppAttachProcess.RunAsync("status", "--server", server)).Output;
        Assert.All(DemoFolder.Hosts, host => Assert.Contains(host, text, StringComparison.Ordinal));
        Assert.Contains("2 of 2 hosts", text, StringComparison.Ordinal);
    }

    private static async Task RequireEverywhereAsync(DemoFolder folder, string fullName, string package)
    {
        foreach (var host in DemoFolder.Hosts)
        {
            var registered = folder.Registered(host).Where(entry => entry.Package == fullName).ToList();
            Assert.NotEmpty(registered);
            Assert.Equal(registered.Distinct(), registered);
        }

        await ImageJudge.RequireHoldsAsync(folder.CopyOf(fullName, "north"), package);
        var hub = await ImageJudge.DigestAsync(Path.Combine(folder.Path, "images", fullName + ".vhdx"));
        foreach (var region in DemoFolder.Regions)
        {
            Assert.Equal(hub, await ImageJudge.DigestAsync(folder.CopyOf(fullName, region)));
        }
    }

    /// <summary>Fails unless hub, shares and hosts hold these packages and nothing else: no unfinished file either.</summary>
    private static void RequireNothingElse(DemoFolder folder, params string[] fullNames)
    {
        string[] files = ["images/{0}.vhdx", "images/{0}.vhdx.manifest.json", "shares/north/{0}.vhdx", "shares/south/{0}.vhdx"];
        var images = files.SelectMany(file => fullNames.Select(name => file.Replace("{0}", name, StringComparison.Ordinal)));
        Assert.Equal(images.Order(StringComparer.Ordinal), folder.Images());
        foreach (var host in DemoFolder.Hosts)
        {
            Assert.Equal(fullNames.Order(StringComparer.Ordinal), folder.Registered(host).Select(entry => entry.Package).Distinct().Order(StringComparer.Ordinal));
        }
    }
}

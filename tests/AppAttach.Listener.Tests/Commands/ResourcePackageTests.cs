using AppAttach.Contracts;
using AppAttach.Listener.Checks;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>Of a bundle: the packages of languages and scales go with the application's.</summary>
public sealed class ResourcePackageTests : IDisposable
{
    private const string German = "Contoso.App_1.0.0.0_neutral_split.language-de_8wekyb3d8bbwe";
    private const string Scale = "Contoso.App_1.0.0.0_neutral_split.scale-200_8wekyb3d8bbwe";

    private readonly TestHost _host = new();
    private readonly PackageReference _package = TestPackage.Make();

    public void Dispose() => _host.Dispose();

    private static string ResourceManifest(string resourceId) =>
        $"<Package xmlns=\"http://schemas.microsoft.com/appx/manifest/foundation/windows10\"><Identity Name=\"Contoso.App\" Version=\"1.0.0.0\" Publisher=\"CN=Contoso\" ProcessorArchitecture=\"neutral\" ResourceId=\"{resourceId}\"/></Package>";

    private ImageReference MakeBundleImage(string germanResourceId = "split.language-de") => _host.MakeImage(
        "bundle.vhdx",
        ($"apps/{_package.FullName}/AppxManifest.xml", TestPackage.Manifest()),
        ($"apps/{German}/AppxManifest.xml", ResourceManifest(germanResourceId)),
        ($"apps/{Scale}/AppxManifest.xml", ResourceManifest("split.scale-200")),
        ($"apps/{TestPackage.Make("2.0.0.0").FullName}/AppxManifest.xml", TestPackage.Manifest("2.0.0.0")),
        ("apps/Contoso.App_2.0.0.0_neutral_split.scale-200_8wekyb3d8bbwe/other.txt", "of another version"));

    [Fact]
    public async Task Staged_RegisteredAndDestaged_WithTheApplication()
    {
        Assert.Null((await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, MakeBundleImage()))).Message);
        Assert.Equal([_package.FullName, German, Scale], _host.Machine.Registrar.ListStaged().Order(StringComparer.Ordinal).OrderBy(name => name != _package.FullName));
        await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package, null, null, "anna"));
        Assert.Equal([German, Scale], Assert.Single(_host.Machine.Registrar.ListRegistrations()).Resources);
        var before = await _host.DescribeAsync();
        _host.Mounter.Reboot();
        _host.Start();
        Assert.Equal(0, await _host.Convergence.RunAsync(CancellationToken.None));
        Assert.Equal(before, await _host.DescribeAsync());
        await _host.AskAsync(TestPackage.Command(CommandKind.Deregister, _package));
        await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _package));
        Assert.Equal("", await _host.DescribeAsync());
    }

    [Fact]
    public async Task ResourceThatIsAnotherPackage_FailsAndLeavesNothing()
    {
        var outcome = await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, MakeBundleImage("split.language-fr")));
        Assert.Equal(ErrorCodes.ImageMismatch, outcome.Code);
        Assert.Equal("", await _host.DescribeAsync());
    }

    [Fact]
    public async Task KilledAtEachPointOfStaging_IsStagedWholeAfterwards()
    {
        var image = MakeBundleImage();
        var command = TestPackage.Command(CommandKind.Stage, _package, image);
        await _host.AskAsync(command);
        var (expected, points) = (await _host.DescribeAsync(), _host.Points.Passed);
        for (var point = 0; point < points; point++)
        {
            using var host = new TestHost();
            var again = command with { Image = TestPackage.Reference(CopyTo(image.Path, host.Share)) };
            host.Points.CrashAfter(point);
            await Assert.ThrowsAsync<CrashException>(() => host.AskAsync(again));
            host.Points.Disarm();
            host.Start();
            Assert.Equal(0, await host.Convergence.RunAsync(CancellationToken.None));
            Assert.Empty(await MachineCheck.LookAsync(host.Machine, CancellationToken.None));
            Assert.Equal(OutcomeResult.Succeeded, (await host.AskAsync(again)).Result);
            Assert.Equal(expected, await host.DescribeAsync());
        }
    }

    private static string CopyTo(string path, string folder)
    {
        var copy = Path.Combine(folder, Path.GetFileName(path));
        File.Copy(path, copy);
        return copy;
    }
}

using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Registration;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>Users who come and go: registrations wait for them.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly PackageReference _package = TestPackage.Make();
    private readonly SessionRegistrar _sessions;

    public SessionTests()
    {
        _sessions = new SessionRegistrar(new FileRegistrar(_host.State, _host.Clock));
        _host.Sessions = _sessions;
        _host.Start();
    }

    public void Dispose() => _host.Dispose();

    private string[] Holders(PackageReference package) => [.. _host.Machine.RegisteredUsers(package.FullName)];

    private async Task DoAsync(CommandKind kind, PackageReference package, params string[] users) =>
        Assert.Null((await _host.AskAsync(TestPackage.Command(kind, package, kind == CommandKind.Stage ? _host.MakeImage(package) : null, null, users))).Message);

    private async Task LookAfterAsync() => Assert.Equal(0, await _host.Convergence.RunAsync(CancellationToken.None));

    [Fact]
    public async Task RegisteredForEveryone_IsThereForThoseSignedInNow_AndForOthersWhenTheySignIn()
    {
        _sessions.SignedIn["anna"] = [];
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Register, _package);
        Assert.Equal(["anna"], Holders(_package));
        _sessions.SignedIn["bert"] = [];
        _host.Start();
        await LookAfterAsync();
        Assert.Equal(["anna", "bert"], Holders(_package));
    }

    [Fact]
    public async Task RegisteredForAGroup_MeansItsMembers()
    {
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Register, _package, "group", "carl");
        _sessions.SignedIn["anna"] = ["group"];
        _sessions.SignedIn["bert"] = ["others"];
        await LookAfterAsync();
        Assert.Equal(["anna"], Holders(_package));
    }

    [Fact]
    public async Task DeregisteredForAGroup_LeavesItToWhoHasItBesides()
    {
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Register, _package, "group", "carl");
        _sessions.SignedIn["anna"] = ["group"];
        _sessions.SignedIn["carl"] = ["group"];
        await LookAfterAsync();
        Assert.Equal(["anna", "carl"], Holders(_package));
        await DoAsync(CommandKind.Deregister, _package, "group");
        Assert.Equal(["carl"], Holders(_package));
    }

    [Fact]
    public async Task RegisteredForFewer_IsTakenFromTheOthers_NowOrWhenTheySignIn()
    {
        _sessions.SignedIn["anna"] = [];
        _sessions.SignedIn["bert"] = [];
        _sessions.SignedIn["carl"] = ["group"];
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Register, _package);
        _sessions.SignedIn.Remove("bert");
        await DoAsync(CommandKind.Register, _package, "anna", "group");
        Assert.Equal(["anna", "bert", "carl"], Holders(_package));
        _sessions.SignedIn["bert"] = [];
        _sessions.SignedIn["dora"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna", "carl"], Holders(_package));
        await DoAsync(CommandKind.Register, _package, "anna");
        Assert.Equal(["anna"], Holders(_package));
        await DoAsync(CommandKind.Register, _package);
        Assert.Equal(["anna", "bert", "carl", "dora"], Holders(_package));
    }

    [Fact]
    public async Task DeregisteredWhileAway_IsTakenAwayAtTheNextLogon_AndThenThePackageGoes()
    {
        _sessions.SignedIn["anna"] = [];
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Register, _package);
        _sessions.SignedIn.Clear();
        await DoAsync(CommandKind.Deregister, _package);
        Assert.Equal(["anna"], Holders(_package));
        Assert.Equal(ErrorCodes.InUse, (await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _package))).Code);
        _host.Start();
        _sessions.SignedIn["bert"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna"], Holders(_package));
        await DoAsync(CommandKind.Deregister, _package);
        _sessions.SignedIn["anna"] = [];
        await LookAfterAsync();
        Assert.Empty(Holders(_package));
    }

    [Fact]
    public async Task DestagedWhileInUse_GoesWithItsLastUser_UnlessItIsStagedAgain()
    {
        _sessions.SignedIn["anna"] = [];
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Register, _package);
        Assert.Equal(ErrorCodes.InUse, (await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _package))).Code);
        _sessions.SignedIn["bert"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna"], Holders(_package));
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Deregister, _package);
        Assert.NotNull(_host.Machine.Ledger.FindPackage(_package.FullName));
        await DoAsync(CommandKind.Register, _package, "anna");
        Assert.Equal(ErrorCodes.InUse, (await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _package))).Code);
        await DoAsync(CommandKind.Deregister, _package);
        Assert.Equal("", await _host.DescribeAsync());
    }

    [Fact]
    public async Task OtherVersion_TakesOverWhomTheFirstWasKeptFor()
    {
        var second = TestPackage.Make("2.0.0.0");
        _sessions.SignedIn["anna"] = [];
        await DoAsync(CommandKind.Stage, _package);
        await DoAsync(CommandKind.Stage, second);
        await DoAsync(CommandKind.Register, _package);
        await DoAsync(CommandKind.Register, second);
        _sessions.SignedIn["bert"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna", "bert"], Holders(second));
        Assert.Empty(Holders(_package));
        await DoAsync(CommandKind.Register, _package, "anna");
        _sessions.SignedIn["carl"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna"], Holders(_package));
        Assert.Equal(["bert", "carl"], Holders(second));
    }

    [Fact]
    public async Task MissingFramework_IsNamed_AndNothingIsLeft()
    {
        const string needs = "<Dependencies><PackageDependency Name=\"Microsoft.VCLibs.140.00\" MinVersion=\"14.0.30704.0\" "
            + "Publisher=\"CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US\"/></Dependencies></Package>";
        var image = _host.MakeImage(
            "needs.vhdx", ($"apps/{_package.FullName}/AppxManifest.xml", TestPackage.Manifest().Replace("</Package>", needs, StringComparison.Ordinal)));
        _sessions.Frameworks = [new FrameworkReference("Microsoft.VCLibs.140.00_8wekyb3d8bbwe", "14.0.30000.0", "x64")];
        var outcome = await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, image));
        Assert.Equal(ErrorCodes.DependencyMissing, outcome.Code);
        Assert.Contains("Microsoft.VCLibs.140.00_8wekyb3d8bbwe 14.0.30704.0", outcome.Message, StringComparison.Ordinal);
        Assert.Equal("", await _host.DescribeAsync());
        _sessions.Frameworks = [new FrameworkReference("Microsoft.VCLibs.140.00_8wekyb3d8bbwe", "14.0.33519.0", "arm64")];
        Assert.Equal(ErrorCodes.DependencyMissing, (await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, image))).Code);
        _sessions.Frameworks = [new FrameworkReference("Microsoft.VCLibs.140.00_8wekyb3d8bbwe", "14.0.33519.0", "x64")];
        Assert.Equal(OutcomeResult.Succeeded, (await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, image))).Result);
        Assert.Empty(await MachineCheck.LookAsync(_host.Machine, CancellationToken.None));
        _sessions.Frameworks = [];
        var finding = Assert.Single(await MachineCheck.LookAsync(_host.Machine, CancellationToken.None));
        Assert.Equal(_package.FullName, finding.Subject);
        Assert.Contains("Microsoft.VCLibs.140.00_8wekyb3d8bbwe 14.0.30704.0", finding.Text, StringComparison.Ordinal);
    }
}

using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Tests.Commands;

namespace AppAttach.Listener.Tests.Offers;

/// <summary>The modes other than at logon: what is offered, and what the system gives by itself.</summary>
public sealed class OfferTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly PackageReference _first = TestPackage.Make();
    private readonly PackageReference _second = TestPackage.Make("2.0.0.0");
    private readonly SessionRegistrar _sessions;

    public OfferTests()
    {
        _sessions = new SessionRegistrar(new FileRegistrar(_host.State, _host.Clock));
        _sessions.SignedIn["anna"] = [];
        _host.Sessions = _sessions;
        _host.Start();
    }

    public void Dispose() => _host.Dispose();

    private IReadOnlyList<Offer> Offered => OfferBook.Read(new DiskLedgerStore(_host.Offers));

    private string[] Holders(PackageReference package) => [.. _host.Machine.RegisteredUsers(package.FullName)];

    private async Task AskAsync(HostCommand command) => Assert.Null((await _host.AskAsync(command)).Message);

    private Task StageAsync(PackageReference package) => AskAsync(TestPackage.Command(CommandKind.Stage, package, _host.MakeImage(package)));

    private async Task LookAfterAsync() => Assert.Equal(0, await _host.Convergence.RunAsync(CancellationToken.None));

    private async Task<InventoryItem> SayAsync(PackageReference package) =>
        (await new HelloWriter(new ListenerOptions { Host = TestPackage.Host, Pool = "pool" }, _host.Machine).WriteAsync(CancellationToken.None))
        .Inventory.Single(item => item.PackageFullName == package.FullName);

    [Fact]
    public async Task OnDemand_IsOfferedAndRegisteredForNobody_UntilSomebodyAsks()
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        await LookAfterAsync();
        Assert.Empty(Holders(_first));
        Assert.Equal(_first.FullName, Assert.Single(Offered).PackageFullName);
        var said = await SayAsync(_first);
        Assert.Equal([], said.RegisteredFor);
        Assert.Equal(RegisterMode.OnDemand, said.Mode);
        Assert.Empty(said.RegisteredUsers);

        new FileOfferTaker(_host.State, _host.Clock).Take(Offered[0]);
        await LookAfterAsync();
        Assert.Equal([Environment.UserName], Holders(_first));
        Assert.Equal([Environment.UserName], (await SayAsync(_first)).RegisteredUsers);
        Assert.Empty(await MachineCheck.LookAsync(_host.Machine, CancellationToken.None));
    }

    [Fact]
    public async Task OnDemandAndTaken_IsLeftAloneWhenTheUserDropsIt()
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        _host.Machine.Registrar.Register(await StagedAsync(_first), "anna");
        await LookAfterAsync();
        _host.Machine.Registrar.Deregister(_first.FullName, "anna");
        await LookAfterAsync();
        Assert.Empty(Holders(_first));
        Assert.Single(Offered);
    }

    [Fact]
    public async Task OnDemandForAGroup_IsTakenFromWhoIsNotInIt()
    {
        _sessions.SignedIn["bert"] = ["group"];
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand, "group"));
        Assert.True(Offered[0].For.Has(new HostUser("bert", ["group"])));
        Assert.False(Offered[0].For.Has(new HostUser("anna", [])));
        _host.Machine.Registrar.Register(await StagedAsync(_first), "anna");
        _host.Machine.Registrar.Register(await StagedAsync(_first), "bert");
        await LookAfterAsync();
        Assert.Equal(["bert"], Holders(_first));
    }

    [Fact]
    public async Task NextVersionOnDemand_GoesToThoseWhoHaveTheFirst_NowOrWhenTheySignIn()
    {
        _sessions.SignedIn["bert"] = [];
        _sessions.SignedIn["carl"] = [];
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        _host.Machine.Registrar.Register(await StagedAsync(_first), "anna");
        _host.Machine.Registrar.Register(await StagedAsync(_first), "bert");
        _ = _sessions.SignedIn.Remove("bert");
        await StageAsync(_second);
        await AskAsync(TestPackage.Register(_second, RegisterMode.OnDemand));
        Assert.Equal(["anna"], Holders(_second));
        Assert.Equal(["bert"], Holders(_first));
        Assert.Equal(_second.FullName, Assert.Single(Offered).PackageFullName);
        _sessions.SignedIn["bert"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna", "bert"], Holders(_second));
        Assert.Empty(Holders(_first));
    }

    [Fact]
    public async Task OnDemandDeregistered_TakesOfferAndRegistrations_AndThePackageCanGo()
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        _host.Machine.Registrar.Register(await StagedAsync(_first), "anna");
        Assert.Equal(ErrorCodes.InUse, (await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _first))).Code);
        Assert.Empty(Offered);
        await AskAsync(TestPackage.Command(CommandKind.Deregister, _first));
        Assert.Equal("", await _host.DescribeAsync());
    }

    [Fact]
    public async Task ModeChanges_OffersBecomeRegistrations_AndTheOtherWayRound()
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        await AskAsync(TestPackage.Register(_first, RegisterMode.Logon));
        Assert.Equal(["anna"], Holders(_first));
        Assert.Empty(Offered);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        _sessions.SignedIn["bert"] = [];
        await LookAfterAsync();
        Assert.Equal(["anna"], Holders(_first));
        Assert.Single(Offered);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData(null)]
    public async Task DamagedOffers_AreWrittenAgainAtStart(string? damage)
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.OnDemand));
        var file = Path.Combine(_host.Offers, "offers.json");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        File.Delete(file);
        if (damage is not null)
        {
            await File.WriteAllTextAsync(file, damage, TestContext.Current.CancellationToken);
        }

        _host.Start();
        await LookAfterAsync();
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task NowForEveryone_IsGivenBySystem_UntilSomebodyIsExcepted()
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.Now));
        Assert.Equal([_first.FamilyName], _sessions.ListProvisioned());
        Assert.Equal(["anna"], Holders(_first));
        await AskAsync(TestPackage.Command(CommandKind.Deregister, _first, null, null, "bert"));
        Assert.Empty(_sessions.ListProvisioned());
        Assert.Equal(["anna"], Holders(_first));
    }

    [Fact]
    public async Task NowForNamedUsers_IsTheSameAsAtLogon()
    {
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.Now, "anna", "bert"));
        Assert.Empty(_sessions.ListProvisioned());
        Assert.Equal(["anna"], Holders(_first));
    }

    [Fact]
    public async Task NextVersionNow_KeepsTheFamilyGiven_AndDestagingTheLastTakesItBack()
    {
        _sessions.SignedIn.Clear();
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.Now));
        await StageAsync(_second);
        _sessions.ProvisioningRefusal = "A family is not provisioned twice: that would remove it first.";
        await AskAsync(TestPackage.Register(_second, RegisterMode.Now));
        await AskAsync(TestPackage.Command(CommandKind.Destage, _first));
        Assert.Equal([_first.FamilyName], _sessions.ListProvisioned());
        await AskAsync(TestPackage.Command(CommandKind.Destage, _second));
        Assert.Equal("", await _host.DescribeAsync());
        Assert.Empty(_sessions.ListProvisioned());
    }

    [Fact]
    public async Task SystemRefuses_UsersGetItAllTheSame_AndCheckSaysSo()
    {
        _sessions.ProvisioningRefusal = "It must be on the system volume.";
        await StageAsync(_first);
        await AskAsync(TestPackage.Register(_first, RegisterMode.Now));
        Assert.Equal(["anna"], Holders(_first));
        var finding = Assert.Single(await MachineCheck.LookAsync(_host.Machine, CancellationToken.None));
        Assert.False(finding.IsGood);
        Assert.Contains("\"logon\"", finding.Text, StringComparison.Ordinal);

        _sessions.ProvisioningRefusal = null;
        await LookAfterAsync();
        Assert.Empty(_sessions.ListProvisioned());
        _host.Start();
        await LookAfterAsync();
        Assert.Equal([_first.FamilyName], _sessions.ListProvisioned());
    }

    [Fact]
    public async Task GivenBySystemForNoRecord_IsTakenBack()
    {
        _sessions.Provision(_first.FamilyName);
        await LookAfterAsync();
        Assert.Empty(_sessions.ListProvisioned());
    }

    private async Task<StagedPackage> StagedAsync(PackageReference package)
    {
        var record = _host.Machine.Ledger.FindPackage(package.FullName)!;
        return record.At((await _host.Machine.FindMountAsync(record.Image.Digest, CancellationToken.None))!.MountPoint);
    }
}

using System.CommandLine;
using AppAttach.Contracts;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Tests.Commands;

namespace AppAttach.Listener.Tests.Offers;

/// <summary>What a user sees of <c>get</c>.</summary>
public sealed class GetCommandTests : IOfferTaker, IDisposable
{
    private readonly TestHost _host = new();
    private readonly StringWriter _output = new();
    private readonly List<string> _taken = [];

    private static readonly Offer App = new("Contoso.App_1.0.0.0_x64__8wekyb3d8bbwe", "The App", [], Audience.Everyone);
    private static readonly Offer Tool = new("Contoso.Tool_1.0.0.0_x64__8wekyb3d8bbwe", "The Tool", [], Audience.Nobody.With(["group"]));
    private static readonly Offer OtherTool = Tool with { PackageFullName = "Fabrikam.Tool_1.0.0.0_x64__8wekyb3d8bbwe" };
    private static readonly Offer Secret = new("Contoso.Secret_1.0.0.0_x64__8wekyb3d8bbwe", "The Secret", [], Audience.Nobody.With(["bert"]));

    HostUser IOfferTaker.User { get; } = new("anna", ["group"]);

    bool IOfferTaker.Has(Offer offer) => _taken.Contains(offer.PackageFullName);

    void IOfferTaker.Take(Offer offer) => _taken.Add(offer.PackageFullName);

    public void Dispose()
    {
        _output.Dispose();
        _host.Dispose();
    }

    private ExitCode Get(string? name) => GetCommand.Run([App, Tool, OtherTool, Secret], this, name, _output);

    [Fact]
    public void WithoutName_ListsWhatIsOfferedToThisUser_AndWhatHeHas()
    {
        _taken.Add(App.PackageFullName);
        Assert.Equal(ExitCode.Done, Get(null));
        Assert.Contains($"have The App  {App.PackageFullName}", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"     The Tool  {Tool.PackageFullName}", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the app")]
    [InlineData("contoso.app")]
    [InlineData("Contoso.App_8wekyb3d8bbwe")]
    [InlineData("Contoso.App_1.0.0.0_x64__8wekyb3d8bbwe")]
    public void WithAName_IsTaken(string name)
    {
        Assert.Equal(ExitCode.Done, Get(name));
        Assert.Equal([App.PackageFullName], _taken);
    }

    [Theory]
    [InlineData("The Secret")]
    [InlineData("The Tool")]
    [InlineData("App")]
    public void NotOfferedOrNotOne_IsRefused(string name)
    {
        Assert.Equal(ExitCode.Failed, Get(name));
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task OnTheCommandLine_RegistersWhatTheListenerOffers()
    {
        var package = TestPackage.Make();
        var manifest = TestPackage.Manifest().Replace("</Package>", "<Properties><DisplayName>The App</DisplayName></Properties></Package>", StringComparison.Ordinal);
        var image = _host.MakeImage("named.vhdx", ($"apps/{package.FullName}/AppxManifest.xml", manifest));
        Assert.Null((await _host.AskAsync(TestPackage.Command(CommandKind.Stage, package, image))).Message);
        Assert.Null((await _host.AskAsync(TestPackage.Register(package, RegisterMode.OnDemand))).Message);
        var root = new RootCommand();
        ListenerCommands.AddTo(root);
        Assert.Equal((int)ExitCode.Done, await root.Parse(["get", "--state", _host.State]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(_host.Machine.RegisteredUsers(package.FullName));
        Assert.Equal((int)ExitCode.Done, await root.Parse(["get", "The App", "--state", _host.State]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal([Environment.UserName], _host.Machine.RegisteredUsers(package.FullName));
        Assert.True(File.Exists(Path.Combine(_host.Machine.Registrar.ListRegistrations()[0].Folder!, "AppxManifest.xml")));
        Assert.Equal((int)ExitCode.Usage, await root.Parse(["get"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken));
    }
}

using System.Runtime.InteropServices;

namespace AppAttach.Listener.Tests.Windows;

/// <summary>
/// The published Windows build as a program of Wine's: it starts, checks, is installed, and the service control manager starts and stops it. Wine
/// has no deployment service, no virtual disks and no sessions, so that nothing is mounted or registered here, and no keys of elliptic curves, so that
/// the service has nothing to sign a message with: it runs, and tries again.
/// </summary>
public sealed class WineTests : IDisposable
{
    private const string Service = "AppAttachListener";
    private const string State = "C:\\ProgramData\\AppAttach\\Listener";

    // Nothing listens there. No identity of the machine's is ever asked for: the listener has a key.
    private static readonly string[] Settings =
    [
        "--host", "wine", "--pool", "pool", "--bus", "http://127.0.0.1:9/", "--key-name", "key", "--key-file", "C:\\key.txt", "--share-root", "C:\\share",
    ];

    private readonly TemporaryFolder _folder = new();

    private string Listener => _folder.PathOf("listener", "appattach-listener.exe");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PublishedListener_ChecksAndIsAServiceThatStartsAndStops()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Wine runs the win-x64 build on 64-bit Linux of that processor.");
        Judge.Require("wine64");
        await PublishAsync();
        await using var wine = await WinePrefix.MakeAsync(_folder.Path);
        await File.WriteAllTextAsync(Path.Combine(wine.DriveC, "key.txt"), "a2V5", TestContext.Current.CancellationToken);

        await CheckAsync(wine);
        Assert.Contains("Nothing is offered", await wine.PassAsync(Listener, "get"), StringComparison.Ordinal);
        await InstallAsync(wine);
        await StartAndStopAsync(wine);
        await UpgradeAsync(wine);
        await UninstallAsync(wine);
    }

    // What Wine lacks is what it finds; what Wine has is good.
    private async Task CheckAsync(WinePrefix wine)
    {
        var (exitCode, output) = await wine.RunAsync([Listener, "check", "--state", "C:\\state", .. Settings]);
        Assert.True(exitCode == 1, output);
        foreach (var line in new[]
        {
            "FAIL AppX Deployment Service: there is no service AppXSvc", "FAIL account: ", "ok   sideloading: ", "ok   certificates: ", "ok   state folder C:\\state: ",
            "FAIL share root C:\\share: ", "ok   mounter: windows.", "ok   packages: 0 staged", "FAIL bus http://127.0.0.1:9/: ",
        })
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }
    }

    private async Task InstallAsync(WinePrefix wine)
    {
        _ = await wine.PassAsync([Listener, "install", "--no-start", .. Settings]);
        Assert.True(File.Exists(Path.Combine(wine.DriveC, "ProgramData", "AppAttach", "Listener", "listener.json")));
        Assert.True(Directory.Exists(Path.Combine(wine.DriveC, "ProgramData", "AppAttach", "Offers")));
        var registered = await wine.PassAsync("reg", "query", $"HKLM\\SYSTEM\\CurrentControlSet\\Services\\{Service}");
        Assert.Contains($"run --service --settings \"{State}\\listener.json\"", registered, StringComparison.Ordinal);
        Assert.Contains("LocalSystem", registered, StringComparison.Ordinal);
        await StoppedAsync(wine);
    }

    private async Task StartAndStopAsync(WinePrefix wine)
    {
        _ = await wine.PassAsync("net", "start", Service);

        // It runs as a service: it holds its state folder, of which there is one listener, and the manager finds it active.
        var stateLock = Path.Combine(wine.DriveC, "ProgramData", "AppAttach", "Listener", "lock");
        await Eventually.IsTrueAsync(() => File.Exists(stateLock), "the service holds its state folder");
        var (exitCode, output) = await wine.RunAsync(Listener, "repair", "--settings", $"{State}\\listener.json");
        Assert.True(exitCode == 1 && output.Contains("in-use", StringComparison.Ordinal), output);
        await StopAsync(wine);
    }

    // Over a service that is there, with the settings that are there.
    private async Task UpgradeAsync(WinePrefix wine)
    {
        _ = await wine.PassAsync(Listener, "install");
        await StopAsync(wine);
        _ = await wine.PassAsync("net", "start", Service);
    }

    private async Task UninstallAsync(WinePrefix wine)
    {
        _ = await wine.PassAsync(Listener, "uninstall");
        var (exitCode, output) = await wine.RunAsync("net", "start", Service);
        Assert.True(exitCode != 0, output);
        _ = await wine.PassAsync(Listener, "uninstall");
    }

    // A service that is only just starting takes no request to stop.
    private static async Task StopAsync(WinePrefix wine)
    {
        await Eventually.IsTrueAsync(async () => (await wine.RunAsync("net", "stop", Service)).ExitCode == 0, "the service can be told to stop");
        await StoppedAsync(wine);
    }

    // Wine's own program says so: a service that has stopped is not active, and one that is about to is no such thing yet.
    private static Task StoppedAsync(WinePrefix wine) => Eventually.IsTrueAsync(
        async () => await wine.RunAsync("net", "stop", Service) is (not 0, var output) && output.Contains("not active", StringComparison.Ordinal),
        "the service has stopped");

    private async Task PublishAsync()
    {
        var (exitCode, output) = await Judge.RunAsync(
            "dotnet", "publish", Repository.PathOf("src", "AppAttach.Listener", "AppAttach.Listener.csproj"), "-c", "Release", "-f", "net10.0-windows10.0.19041.0",
            "-r", "win-x64", "--self-contained", "-p:RunAnalyzers=false", "--artifacts-path", _folder.PathOf("artifacts"), "-o", _folder.PathOf("listener"),
            "--nologo", "-v", "quiet");
        if (exitCode != 0 && output.Contains("NU1101", StringComparison.Ordinal))
        {
            Judge.Missing("The package registry here has no runtime of .NET for Windows, which the published listener carries.");
        }

        Assert.True(exitCode == 0, output);
    }
}

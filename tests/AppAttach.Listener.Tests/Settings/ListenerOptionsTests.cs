using AppAttach.Contracts;
using AppAttach.Listener.Settings;

namespace AppAttach.Listener.Tests.Settings;

public sealed class ListenerOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ListenerOptions Valid()
    {
        File.WriteAllText(_folder.PathOf("key"), "secret");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.PathOf("key"), UnixFileMode.UserRead);
        }

        return new ListenerOptions
        {
            Host = new string('h', 50), Pool = "p", Bus = new Uri("https://bus.example/"), KeyName = "k", KeyFile = _folder.PathOf("key"),
            StateFolder = _folder.Path, ShareRoots = [_folder.Path],
        };
    }

    [Fact]
    public void ValidSettings_HaveNoFindings()
    {
        Assert.Empty(Valid().Validate());
        Assert.Equal(BusEntities.HostCommandsTopic("p"), Valid().TopicOrDefault);
    }

    [Fact]
    public void EverythingWrong_IsSaidAtOnce()
    {
        var findings = new ListenerOptions
        {
            Host = "a/b", StateFolder = "state", MountRoot = "mounts", ShareRoots = ["share"], HelloInterval = TimeSpan.Zero,
            ReceiveTimeout = TimeSpan.FromSeconds(61), RetryFor = TimeSpan.FromDays(1), KeyFile = "missing",
        }.Validate();
        Assert.Equal(11, findings.Count);
        Assert.All(findings, finding => Assert.EndsWith(".", finding, StringComparison.Ordinal));
    }

    [Fact]
    public void HostNameOf51Characters_IsRefused() => Assert.Single((Valid() with { Host = new string('h', 51) }).Validate());

    [Fact]
    public void KeyFileThatOthersRead_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no mode bits.");
        var options = Valid();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(options.KeyFile!, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        }

        Assert.Contains("chmod 600", Assert.Single(options.Validate()), StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsFile_IsRead_AndUnknownMembersAreRefused()
    {
        var path = _folder.PathOf("listener.json");
        File.WriteAllText(path, """{ "host": "h1", "pool": "p1", "mounter": "fuse", "helloInterval": "00:01:00", "shareRoots": ["/s"] }""");
        var (options, finding) = ListenerSettingsSymbols.ReadFile(path);
        Assert.Null(finding);
        Assert.Equal(("h1", "p1", MounterKind.Fuse, TimeSpan.FromMinutes(1)), (options.Host, options.Pool, options.Mounter, options.HelloInterval));
        File.WriteAllText(path, """{ "hots": "h1" }""");
        Assert.Contains("hots", ListenerSettingsSymbols.ReadFile(path).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandLine_IsReadWhole()
    {
        var command = new System.CommandLine.Command("run");
        var symbols = new ListenerSettingsSymbols();
        symbols.AddTo(command);
        var (options, findings) = symbols.Read(command.Parse(
            "--host h --pool p --bus http://127.0.0.1:9/ --topic t --key-name k --key-file /k --state /s --mount-root /m --share-root /a --share-root /b "
            + "--hello-seconds 7 --receive-seconds 8 --retry-seconds 9 --mounter managed"));
        Assert.Empty(findings);
        Assert.Equal(("h", "p", new Uri("http://127.0.0.1:9/"), "t", "k"), (options.Host, options.Pool, options.Bus, options.Topic, options.KeyName));
        Assert.Equal(["/a", "/b"], options.ShareRoots);
        Assert.Equal(("/k", "/s", "/m", MounterKind.Managed), (options.KeyFile, options.StateFolder, options.MountRoot, options.Mounter));
        Assert.Equal((7, 8, 9), (options.HelloInterval.Seconds, options.ReceiveTimeout.Seconds, options.RetryFor.Seconds));
    }
}

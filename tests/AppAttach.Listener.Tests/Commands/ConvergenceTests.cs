using AppAttach.Contracts;
using AppAttach.Listener.Checks;
using AppAttach.Listener.Ledger;

namespace AppAttach.Listener.Tests.Commands;

public sealed class ConvergenceTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly PackageReference _package = TestPackage.Make();

    public void Dispose() => _host.Dispose();

    private string LedgerFile => Path.Combine(_host.State, "ledger", "packages", _package.FullName + ".json");

    private async Task<ImageReference> StageAndRegisterAsync()
    {
        var image = _host.MakeImage(_package);
        await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, image));
        await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package, null, null, "anna"));
        return image;
    }

    private async Task<int> RestartAsync()
    {
        _host.Start();
        return await _host.Convergence.RunAsync(CancellationToken.None);
    }

    [Fact]
    public async Task TornLedgerFile_IsRebuiltFromTheMount()
    {
        await StageAndRegisterAsync();
        var before = await _host.DescribeAsync();
        var content = await File.ReadAllBytesAsync(LedgerFile);
        foreach (var torn in new[] { content[..(content.Length / 2)], [], [.. content.Select(value => value == (byte)'1' ? (byte)'2' : value)] })
        {
            await File.WriteAllBytesAsync(LedgerFile, torn);
            await RestartAsync();
            Assert.Equal(before, await _host.DescribeAsync());
        }
    }

    [Fact]
    public async Task TornLedgerFileAndNoMount_ForgetsThePackage()
    {
        await StageAndRegisterAsync();
        await File.WriteAllTextAsync(LedgerFile, "{");
        _host.Mounter.Reboot();
        await RestartAsync();
        Assert.Empty(_host.Machine.Ledger.Packages);
        Assert.Empty(_host.Machine.Registrar.ListStaged());
        Assert.False(File.Exists(LedgerFile));
    }

    [Fact]
    public async Task ShareAwayAfterReboot_FailsForThatPackageOnly_AndWorksWhenItIsBack()
    {
        var image = await StageAndRegisterAsync();
        var other = TestPackage.Make("2.0.0.0");
        await _host.AskAsync(TestPackage.Command(CommandKind.Stage, other, _host.MakeImage(other)));
        var before = await _host.DescribeAsync();
        _host.Mounter.Reboot();
        File.Move(image.Path, image.Path + ".away");
        Assert.Equal(1, await RestartAsync());
        Assert.Equal([other.FullName], _host.Machine.Ledger.Packages.Where(record => IsMounted(record.Image.Digest)).Select(record => record.Package.FullName));
        File.Move(image.Path + ".away", image.Path);
        Assert.Equal(0, await _host.Convergence.RunAsync(CancellationToken.None));
        Assert.Equal(before, await _host.DescribeAsync());
    }

    [Fact]
    public async Task NewVersionCutOffAndItsShareAway_LeavesUsersTheOldOne_UntilItIsBack()
    {
        await StageAndRegisterAsync();
        var second = TestPackage.Make("2.0.0.0");
        var image = _host.MakeImage(second);
        await _host.AskAsync(TestPackage.Command(CommandKind.Stage, second, image));
        _host.Points.CrashAt("before register 2 anna");
        await Assert.ThrowsAsync<CrashException>(() => _host.AskAsync(TestPackage.Command(CommandKind.Register, second, null, null, "anna")));
        _host.Points.Disarm();
        _host.Mounter.Reboot();
        File.Move(image.Path, image.Path + ".away");
        Assert.Equal(1, await RestartAsync());
        Assert.Equal(["anna"], _host.Machine.RegisteredUsers(_package.FullName));
        File.Move(image.Path + ".away", image.Path);
        Assert.Equal(0, await _host.Convergence.RunAsync(CancellationToken.None));
        Assert.Empty(_host.Machine.RegisteredUsers(_package.FullName));
        Assert.Equal(["anna"], _host.Machine.RegisteredUsers(second.FullName));
    }

    [Fact]
    public async Task ImageChangedWhileAway_IsNotMountedAgain()
    {
        var image = await StageAndRegisterAsync();
        _host.Mounter.Reboot();
        await File.AppendAllTextAsync(image.Path, "\nmore\tmore");
        Assert.Equal(1, await RestartAsync());
        Assert.False(IsMounted(image.Digest));
    }

    [Fact]
    public async Task LostLinkAndRegistration_AreMadeAgain()
    {
        await StageAndRegisterAsync();
        var before = await _host.DescribeAsync();
        Directory.Delete(Path.Combine(_host.State, "users"), recursive: true);
        File.Delete(Path.Combine(_host.State, "packages", _package.FullName));
        Assert.Equal(0, await RestartAsync());
        Assert.Equal(before, await _host.DescribeAsync());
    }

    [Fact]
    public async Task MountAndLinkThatNobodyWants_AreClearedAway()
    {
        await StageAndRegisterAsync();
        var before = await _host.DescribeAsync();
        var orphan = TestPackage.Make("3.0.0.0");
        await _host.Mounter.MountAsync(_host.MakeImage(orphan), CancellationToken.None);
        Directory.CreateSymbolicLink(Path.Combine(_host.State, "packages", orphan.FullName), "/nowhere");
        var dangling = new PackageRecord(orphan, _host.MakeImage(orphan), PackageState.Staged, [], _host.Clock.GetUtcNow());
        _host.Machine.Registrar.Register(dangling.At(null), "carl");
        var findings = await MachineCheck.LookAsync(_host.Machine, CancellationToken.None);
        Assert.Equal(3, findings.Count);
        Assert.All(findings, finding => Assert.Contains("repair", finding.Text, StringComparison.Ordinal));
        Assert.Equal(0, await RestartAsync());
        Assert.Equal(before, await _host.DescribeAsync());
        Assert.Empty(await MachineCheck.LookAsync(_host.Machine, CancellationToken.None));
    }

    [Fact]
    public async Task ImageReplacedUnderItsMount_IsFound_AndKeepsItsMount_AndIsRefusedAfterwards()
    {
        var image = await StageAndRegisterAsync();
        File.SetLastWriteTimeUtc(image.Path, File.GetLastWriteTimeUtc(image.Path).AddHours(1));
        await File.AppendAllTextAsync(image.Path, "\nmore\tmore");
        Assert.Equal(0, await RestartAsync());
        Assert.Contains("another file", Assert.Single(await MachineCheck.LookAsync(_host.Machine, CancellationToken.None)).Text, StringComparison.Ordinal);
        Assert.True(IsMounted(image.Digest));
        _host.Mounter.Reboot();
        Assert.Equal(1, await RestartAsync());
        Assert.False(IsMounted(image.Digest));
    }

    [Fact]
    public async Task SampledImageThatIsAnother_IsUnmountedWhenItWasReadWhole()
    {
        _host.Policy = DigestPolicy.Sampled;
        _host.Start();
        var image = await StageAndRegisterAsync();
        _host.Mounter.Reboot();
        Assert.Equal(0, await RestartAsync());
        Assert.True(IsMounted(image.Digest));

        // Of the same length, after its samples were compared.
        var time = File.GetLastWriteTimeUtc(image.Path);
        var content = await File.ReadAllBytesAsync(image.Path);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(image.Path, content);
        File.SetLastWriteTimeUtc(image.Path, time);
        await _host.Convergence.FinishProofsAsync(CancellationToken.None);
        Assert.False(IsMounted(image.Digest));
        Assert.Equal(1, await _host.Convergence.RunAsync(CancellationToken.None));
    }

    private bool IsMounted(string digest) => _host.Mounter.ListAsync(CancellationToken.None).Result.Any(image => image.Image.Digest == digest);
}

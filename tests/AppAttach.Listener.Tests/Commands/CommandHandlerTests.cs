using AppAttach.Contracts;

namespace AppAttach.Listener.Tests.Commands;

public sealed class CommandHandlerTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly PackageReference _package = TestPackage.Make();

    public void Dispose() => _host.Dispose();

    private async Task<CommandOutcome> StageAsync(ImageReference image) => await _host.AskAsync(TestPackage.Command(CommandKind.Stage, _package, image));

    private async Task AssertNothingLeftAsync() => Assert.Equal("", await _host.DescribeAsync());

    [Fact]
    public async Task SameCommandAgain_OnlyReports()
    {
        var command = TestPackage.Command(CommandKind.Stage, _package, _host.MakeImage(_package));
        var first = await _host.AskAsync(command);
        var passed = _host.Points.Passed;
        _host.Start();
        var again = await _host.Handler.HandleAsync(command, CancellationToken.None);
        Assert.Equal(first, again.Outcome);
        Assert.False(again.IsNew);
        Assert.Equal(passed, _host.Points.Passed);
    }

    [Fact]
    public async Task OtherHost_IsRefused()
    {
        var outcome = await _host.AskAsync(TestPackage.Command(CommandKind.Report, null) with { Host = "host-2" });
        Assert.Equal((OutcomeResult.Refused, ErrorCodes.CommandRefused), (outcome.Result, outcome.Code));
    }

    [Fact]
    public async Task AtTheDeadline_IsDone_AfterIt_IsRefused()
    {
        var command = TestPackage.Command(CommandKind.Report, null) with { Deadline = _host.Clock.GetUtcNow() };
        Assert.Equal(OutcomeResult.Succeeded, (await _host.AskAsync(command)).Result);
        _host.Clock.Advance(TimeSpan.FromTicks(1));
        var late = await _host.AskAsync(command with { CommandId = "late" });
        Assert.Equal((OutcomeResult.Refused, ErrorCodes.CommandExpired), (late.Result, late.Code));
    }

    [Theory]
    [InlineData("Contoso.App_1.0.0_x64__8wekyb3d8bbwe")]
    [InlineData("../../etc_1.0.0.0_x64__8wekyb3d8bbwe")]
    [InlineData("Contoso.App")]
    [InlineData("")]
    public async Task PackageNameThatIsNone_IsRefused(string fullName)
    {
        var outcome = await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package with { FullName = fullName }));
        Assert.Equal(ErrorCodes.CommandRefused, outcome.Code);
    }

    [Fact]
    public async Task PathsOutOfTheShares_AreNotAllowed()
    {
        var image = _host.MakeImage(_package);
        var outside = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_host.Share)!, "share-2")).FullName;
        File.Copy(image.Path, Path.Combine(outside, "a.vhdx"));
        File.CreateSymbolicLink(Path.Combine(_host.Share, "link.vhdx"), Path.Combine(outside, "a.vhdx"));
        Directory.CreateSymbolicLink(Path.Combine(_host.Share, "links"), outside);
        string[] paths =
        [
            $"{_host.Share}/../share-2/a.vhdx", $"{outside}/a.vhdx", $"{_host.Share}/link.vhdx", $"{_host.Share}/links/a.vhdx", "a.vhdx", _host.Share,
            @"\\?\C:\a.vhdx", "//./a.vhdx", "/dev/sda", $"{_host.Share}/a\0.vhdx",
        ];
        foreach (var path in paths)
        {
            var outcome = await StageAsync(image with { Path = path });
            Assert.Equal((path, OutcomeResult.Refused, ErrorCodes.PathNotAllowed), (path, outcome.Result, outcome.Code));
        }

        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task LinkWithinTheShares_IsFollowed()
    {
        var image = _host.MakeImage(_package);
        var link = Path.Combine(_host.Share, "link.vhdx");
        File.CreateSymbolicLink(link, image.Path);
        Assert.Equal(OutcomeResult.Succeeded, (await StageAsync(image with { Path = link })).Result);
    }

    [Fact]
    public async Task WrongDigestOrSize_FailsAndLeavesNothing()
    {
        var image = _host.MakeImage(_package);
        Assert.Equal(ErrorCodes.ImageMismatch, (await StageAsync(image with { Digest = new string('0', 64) })).Code);
        Assert.Equal(ErrorCodes.ImageMismatch, (await StageAsync(image with { SizeBytes = image.SizeBytes + 1 })).Code);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task WrongPackageInside_FailsAndLeavesNothing()
    {
        var path = $"apps/{_package.FullName}/AppxManifest.xml";
        (string Path, string Content)[] wrong =
        [
            ($"apps/{TestPackage.Make("1.0.0.1").FullName}/AppxManifest.xml", TestPackage.Manifest()),
            (path, TestPackage.Manifest("1.0.0.1")),
            (path, TestPackage.Manifest(name: "Contoso.Other")),
            (path, "<Package><Identity"),
            (path, "<!DOCTYPE a [<!ENTITY b \"c\">]><Package/>"),
            (path, ""),
            (path, "<Other/>"),
        ];
        for (var i = 0; i < wrong.Length; i++)
        {
            var outcome = await StageAsync(_host.MakeImage($"{i}.vhdx", wrong[i]));
            Assert.Equal((i, OutcomeResult.Failed, ErrorCodes.ImageMismatch), (i, outcome.Result, outcome.Code));
            await AssertNothingLeftAsync();
        }
    }

    [Fact]
    public async Task MissingImage_IsTriedAgainForAWhile_ThenFails()
    {
        var image = _host.MakeImage(_package);
        File.Delete(image.Path);
        Assert.Equal(ErrorCodes.ImageMissing, (await StageAsync(image)).Code);
        Assert.True(_host.Clock.Waits.Count >= 3);
        Assert.True(_host.Clock.Waits.Aggregate((sum, wait) => sum + wait) <= TimeSpan.FromSeconds(30));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task ShareAwayThenBack_Succeeds()
    {
        var image = _host.MakeImage(_package);
        Directory.Move(_host.Share, _host.Share + "-away");
        _host.Clock.Waiting = () =>
        {
            if (_host.Clock.Waits.Count == 3)
            {
                Directory.Move(_host.Share + "-away", _host.Share);
            }
        };
        Assert.Equal(OutcomeResult.Succeeded, (await StageAsync(image)).Result);
        Assert.Equal(3, _host.Clock.Waits.Count);
    }

    [Fact]
    public async Task MountFails_LeavesNothing()
    {
        _host.Mounter.Fails = true;
        Assert.Equal(ErrorCodes.MountFailed, (await StageAsync(_host.MakeImage(_package))).Code);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task RegisterWithoutStage_SaysNotStaged() =>
        Assert.Equal(ErrorCodes.NotStaged, (await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package))).Code);

    [Fact]
    public async Task DestageAndDeregisterOfAnAbsentPackage_Succeed()
    {
        Assert.Equal(OutcomeResult.Succeeded, (await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _package))).Result);
        Assert.Equal(OutcomeResult.Succeeded, (await _host.AskAsync(TestPackage.Command(CommandKind.Deregister, _package))).Result);
    }

    [Fact]
    public async Task RegisterWithoutUsers_MeansTheMachinesUsers()
    {
        await StageAsync(_host.MakeImage(_package));
        Assert.Equal(OutcomeResult.Succeeded, (await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package))).Result);
        Assert.Equal(
            _host.Machine.Registrar.ListUsers().Select(user => user.Name).Order(StringComparer.Ordinal), _host.Machine.Ledger.FindPackage(_package.FullName)!.Users);
    }

    [Fact]
    public async Task OlderVersion_ReplacesNewerOne_AsARollbackWants()
    {
        var newer = TestPackage.Make("2.0.0.0");
        foreach (var package in new[] { _package, newer })
        {
            await _host.AskAsync(TestPackage.Command(CommandKind.Stage, package, _host.MakeImage(package)));
        }

        await _host.AskAsync(TestPackage.Command(CommandKind.Register, newer, null, null, "anna"));
        await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package, null, null, "anna"));
        Assert.Equal(_package.FullName, Assert.Single(_host.Machine.Registrar.ListRegistrations()).PackageFullName);
        Assert.Equal(OutcomeResult.Succeeded, (await _host.AskAsync(TestPackage.Command(CommandKind.Destage, newer))).Result);
    }

    [Fact]
    public async Task TwoPackagesOfOneImage_ShareItsMountUntilTheLastGoes()
    {
        var second = TestPackage.Make("2.0.0.0");
        var image = _host.MakeImage(
            "both.vhdx",
            ($"apps/{_package.FullName}/AppxManifest.xml", TestPackage.Manifest()),
            ($"apps/{second.FullName}/AppxManifest.xml", TestPackage.Manifest("2.0.0.0")));
        await StageAsync(image);
        await _host.AskAsync(TestPackage.Command(CommandKind.Stage, second, image));
        await _host.AskAsync(TestPackage.Command(CommandKind.Destage, _package));
        Assert.Single(await _host.Mounter.ListAsync(CancellationToken.None));
        await _host.AskAsync(TestPackage.Command(CommandKind.Destage, second));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task OtherImageOfAStagedPackage_ReplacesIt_UnlessInUse()
    {
        await StageAsync(_host.MakeImage(_package));
        var other = _host.MakeImage(
            "other.vhdx", ($"apps/{_package.FullName}/AppxManifest.xml", TestPackage.Manifest()), ("apps/more.txt", "more"));
        await _host.AskAsync(TestPackage.Command(CommandKind.Register, _package, null, null, "anna"));
        Assert.Equal(ErrorCodes.InUse, (await StageAsync(other)).Code);
        await _host.AskAsync(TestPackage.Command(CommandKind.Deregister, _package));
        Assert.Equal(OutcomeResult.Succeeded, (await StageAsync(other)).Result);
        Assert.Equal(other.Digest, Assert.Single(await _host.Mounter.ListAsync(CancellationToken.None)).Image.Digest);
    }

    [Fact]
    public async Task CancelledBeforeAnEffect_LeavesNothing()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _host.Handler.HandleAsync(TestPackage.Command(CommandKind.Stage, _package, _host.MakeImage(_package)), stopped.Token));
        await AssertNothingLeftAsync();
    }
}

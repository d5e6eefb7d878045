using System.Diagnostics;
using System.Text.Json;
using AppAttach.Contracts;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Tests.Bus;
using AppAttach.Listener.Tests.Commands;
using AppAttach.Listener.Tests.Mounting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Listener.Tests;

/// <summary>The whole listener: a command over HTTP, a real mount, an outcome over HTTP.</summary>
public class ListenerTests
{
    private static ListenerOptions Options(BusServer bus, MountedFolder folder)
    {
        var key = folder.PathOf("key");
        File.WriteAllText(key, "secret\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new ListenerOptions
        {
            Host = TestPackage.Host,
            Pool = "pool-1",
            Bus = bus.Address,
            KeyName = "listener",
            KeyFile = key,
            StateFolder = folder.PathOf("state"),
            ShareRoots = [Directory.CreateDirectory(folder.PathOf("share")).FullName],
            RetryFor = TimeSpan.Zero,
        };
    }

    private static async Task<CommandOutcome> NextOutcomeAsync(BusServer bus)
    {
        while (true)
        {
            var (body, _) = await bus.Sent.Reader.ReadAsync();
            if (Message.ReadType(body) == MessageTypes.Outcome)
            {
                return Message.ReadOutcome(body);
            }
        }
    }

    private static async Task<HostHello> NextHelloAsync(BusServer bus)
    {
        while (true)
        {
            var (body, _) = await bus.Sent.Reader.ReadAsync();
            if (Message.ReadType(body) == MessageTypes.Hello)
            {
                return Message.ReadHello(body);
            }
        }
    }

    private static async Task<CommandOutcome> AskAsync(BusServer bus, HostCommand command)
    {
        bus.Commands.Writer.TryWrite(Message.Write(command, DateTimeOffset.UtcNow));
        var outcome = await NextOutcomeAsync(bus);
        Assert.Equal(command.CommandId, outcome.CommandId);
        Assert.Equal("complete", await bus.Actions.Reader.ReadAsync());
        return outcome;
    }

    [Fact]
    public async Task StageRegisterDeregisterDestage_MountsForReal()
    {
        Judge.Require(NtfsImage.Judges);
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        var options = Options(bus, folder);
        var package = TestPackage.Make();
        var image = await NtfsImage.MakeAsync(
            options.ShareRoots[0], "app", ($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest()), ($"apps/{package.FullName}/app.txt", "hello"));
        using var service = ListenerHost.Make(options, new FuseImageMounter(options.MountRootOrDefault), TimeProvider.System, NullLogger.Instance);
        await service.StartAsync(CancellationToken.None);
        Assert.Empty((await NextHelloAsync(bus)).Inventory);

        var staged = await AskAsync(bus, TestPackage.Command(CommandKind.Stage, package, image));
        Assert.Null(staged.Message);
        Assert.Equal(OutcomeResult.Succeeded, staged.Result);
        Assert.Equal("rollout-7", staged.RolloutId);
        Assert.Equal("hello", await File.ReadAllTextAsync(folder.PathOf("state", "packages", package.FullName, "app.txt")));
        var item = Assert.Single((await NextHelloAsync(bus)).Inventory);
        Assert.True(item.IsMounted);

        var registered = await AskAsync(bus, TestPackage.Command(CommandKind.Register, package, null, null, "S-1-5-21-1"));
        Assert.Equal(OutcomeResult.Succeeded, registered.Result);
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.PathOf("state", "users", "S-1-5-21-1", "registered.json")));
        Assert.Equal(package.FullName, file.RootElement.GetProperty("packages")[0].GetProperty("packageFullName").GetString());
        Assert.Equal(["S-1-5-21-1"], Assert.Single((await NextHelloAsync(bus)).Inventory).RegisteredUsers);

        Assert.Equal(ErrorCodes.InUse, (await AskAsync(bus, TestPackage.Command(CommandKind.Destage, package))).Code);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Deregister, package))).Result);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Destage, package))).Result);
        Assert.Empty(MountTable.ListBelow(folder.Path));
        Assert.False(Path.Exists(folder.PathOf("state", "packages", package.FullName)));
        await service.StopAsync(CancellationToken.None);
    }

    private static Backoff QuickBackoff() => new(new Random(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(20));

    private static ListenerService Start(BusServer bus, MountedFolder folder, FolderMounter? mounter = null, LoopLogger? logger = null)
    {
        var service = ListenerHost.Make(
            Options(bus, folder), mounter ?? new FolderMounter(folder.PathOf("mounts"), new CrashPoints()), TimeProvider.System, logger ?? (ILogger)NullLogger.Instance, QuickBackoff);
        _ = service.StartAsync(CancellationToken.None);
        return service;
    }

    [Theory]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(410, null)]
    [InlineData(429, "0")]
    [InlineData(500, null)]
    [InlineData(503, "Thu, 01 Jan 2026 00:00:00 GMT")]
    public async Task BusInTrouble_IsAskedAgainUntilItServes(int status, string? retryAfter)
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        for (var i = 0; i < 6; i++)
        {
            bus.Troubles.Enqueue((status, retryAfter));
        }

        using var service = Start(bus, folder);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task EveryMessage_IsSignedWithTheOneKey_AfterARestartToo()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        using (var service = Start(bus, folder))
        {
            Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
            await service.StopAsync(CancellationToken.None);
        }

        var before = bus.Signers.Count;
        using var restarted = Start(bus, folder);
        while (bus.Signers.Count == before)
        {
            await NextHelloAsync(bus);
        }

        await restarted.StopAsync(CancellationToken.None);
        Assert.True(before >= 2, "A hello and an outcome were expected.");
        Assert.NotNull(Assert.Single(bus.Signers.Distinct()));
    }

    [Fact]
    public async Task KeyThatCannotBeMade_KeepsNothingFromRunning_AndIsMadeWhenItCan()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        var inTheWay = Directory.CreateDirectory(folder.PathOf("state", $"{TestPackage.Host}.host-key")).FullName;
        using var service = Start(bus, folder);
        await Eventually.IsTrueAsync(() => !bus.Requests.IsEmpty, "the listener asks for commands");
        Assert.Empty(bus.Signers);
        Directory.Delete(inTheWay);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
        await service.StopAsync(CancellationToken.None);
        Assert.DoesNotContain(null, bus.Signers);
    }

    [Fact]
    public async Task BusAwayAtStart_IsFoundWhenItComes()
    {
        await using var folder = new MountedFolder();
        var first = await BusServer.StartAsync();
        using var service = Start(first, folder);
        await NextHelloAsync(first);
        await first.DisposeAsync();
        await using var second = await BusServer.StartAsync(first.Address.Port);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(second, TestPackage.Command(CommandKind.Report, null))).Result);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task NoSubscriptionYet_SaysHelloAgainUntilThereIsOne()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        bus.HasSubscription = false;
        using var service = Start(bus, folder);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TestPackage.Host, (await NextHelloAsync(bus)).Host);
        }

        bus.HasSubscription = true;
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task LockLost_CommandComesAgainAndIsOnlyReported()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        using var mounter = new GatedMounter(new FolderMounter(folder.PathOf("mounts"), new CrashPoints()));
        var options = Options(bus, folder);
        var package = TestPackage.Make();
        var path = Path.Combine(options.ShareRoots[0], "a.vhdx");
        await File.WriteAllTextAsync(path, FolderMounter.Image(($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest())));
        using var service = ListenerHost.Make(options, mounter, TimeProvider.System, NullLogger.Instance, QuickBackoff);
        await service.StartAsync(CancellationToken.None);
        var command = TestPackage.Command(CommandKind.Stage, package, TestPackage.Reference(path));
        bus.Commands.Writer.TryWrite(Message.Write(command, DateTimeOffset.UtcNow));
        await mounter.Entered.WaitAsync();
        bus.LoseLocks();
        bus.Commands.Writer.TryWrite(Message.Write(command, DateTimeOffset.UtcNow));
        mounter.Proceed.Release();
        var first = await NextOutcomeAsync(bus);
        Assert.Equal(first, await NextOutcomeAsync(bus));
        Assert.Equal("complete", await bus.Actions.Reader.ReadAsync());
        Assert.Equal("complete", await bus.Actions.Reader.ReadAsync());
        Assert.Equal(1, mounter.Mounts);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task LongWork_RenewsItsLock()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        bus.LockDuration = TimeSpan.FromSeconds(1);
        using var mounter = new GatedMounter(new FolderMounter(folder.PathOf("mounts"), new CrashPoints()));
        var options = Options(bus, folder);
        var package = TestPackage.Make();
        var path = Path.Combine(options.ShareRoots[0], "a.vhdx");
        await File.WriteAllTextAsync(path, FolderMounter.Image(($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest())));
        using var service = ListenerHost.Make(options, mounter, TimeProvider.System, NullLogger.Instance, QuickBackoff);
        await service.StartAsync(CancellationToken.None);
        bus.Commands.Writer.TryWrite(Message.Write(TestPackage.Command(CommandKind.Stage, package, TestPackage.Reference(path)), DateTimeOffset.UtcNow));
        Assert.Equal("renew", await bus.Actions.Reader.ReadAsync());
        Assert.Equal("renew", await bus.Actions.Reader.ReadAsync());
        mounter.Proceed.Release();
        Assert.Equal(OutcomeResult.Succeeded, (await NextOutcomeAsync(bus)).Result);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task ShareAwayForOneApp_DoesNotHoldUpAnother()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        var options = Options(bus, folder) with { RetryFor = TimeSpan.FromHours(1) };
        using var service = ListenerHost.Make(
            options, new FolderMounter(folder.PathOf("mounts"), new CrashPoints()), TimeProvider.System, NullLogger.Instance, () => new Backoff(new Random(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50)));
        await service.StartAsync(CancellationToken.None);
        var package = TestPackage.Make();
        var path = Path.Combine(options.ShareRoots[0], "a.vhdx");
        await File.WriteAllTextAsync(path, FolderMounter.Image(($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest())));
        var image = TestPackage.Reference(path);
        File.Move(path, path + ".away");
        var away = TestPackage.Command(CommandKind.Stage, package, image);
        var after = TestPackage.Command(CommandKind.Register, package, null, null, "anna");
        bus.Commands.Writer.TryWrite(Message.Write(away, DateTimeOffset.UtcNow));
        bus.Commands.Writer.TryWrite(Message.Write(after, DateTimeOffset.UtcNow));
        var other = TestPackage.Command(CommandKind.Report, null);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, other)).Result);
        File.Move(path + ".away", path);
        var (first, second) = (await NextOutcomeAsync(bus), await NextOutcomeAsync(bus));
        Assert.Equal((away.CommandId, OutcomeResult.Succeeded), (first.CommandId, first.Result));
        Assert.Equal((after.CommandId, OutcomeResult.Succeeded), (second.CommandId, second.Result));
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task LockLongerThanATimerCanWait_TheNextCommandIsStillTaken()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        bus.LockDuration = TimeSpan.FromDays(365_000);
        using var service = Start(bus, folder);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task LedgerThatCannotBeWritten_TheNextCommandIsStillTaken()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        var logger = new LoopLogger();
        using var service = Start(bus, folder, logger: logger);
        await NextHelloAsync(bus);
        var inTheWay = Path.Combine(Directory.CreateDirectory(folder.PathOf("state", "ledger")).FullName, "commands");
        await File.WriteAllTextAsync(inTheWay, "a file where the folder should be");
        bus.Commands.Writer.TryWrite(Message.Write(TestPackage.Command(CommandKind.Report, null), DateTimeOffset.UtcNow));
        await logger.Broke.WaitAsync();
        File.Delete(inTheWay);
        Assert.Equal(OutcomeResult.Succeeded, (await AskAsync(bus, TestPackage.Command(CommandKind.Report, null))).Result);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Stopped_HandsAnUnfinishedCommandBack()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        using var service = Start(bus, folder, new FolderMounter(folder.PathOf("mounts"), new CrashPoints()));
        await NextHelloAsync(bus);

        // The outcome is never taken, so that the command stays unfinished.
        for (var i = 0; i < 10_000; i++)
        {
            bus.SendTroubles.Enqueue((503, null));
        }

        bus.Commands.Writer.TryWrite(Message.Write(TestPackage.Command(CommandKind.Report, null), DateTimeOffset.UtcNow));
        await bus.OutcomeTroubleMade.WaitAsync();
        await service.StopAsync(CancellationToken.None);
        Assert.Equal("unlock", await bus.Actions.Reader.ReadAsync());
    }

    [Theory]
    [InlineData("no json", "m1")]
    [InlineData("""{"specversion":"1.0","id":"e1","source":"s","type":"other.v1","time":"2026-01-01T00:00:00Z","data":{"commandId":"c1"}}""", "c1")]
    [InlineData("""{"specversion":"1.0","id":"e1","source":"s","type":"appattach.host.command.v1","time":"2026-01-01T00:00:00Z","data":{"kind":"polish"}}""", "e1")]
    public async Task MessageThatIsNoCommand_IsCompletedAndReportedRefused(string body, string commandId)
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        using var service = Start(bus, folder);
        bus.Commands.Writer.TryWrite(System.Text.Encoding.UTF8.GetBytes(body));
        var outcome = await NextOutcomeAsync(bus);
        Assert.Equal((commandId, OutcomeResult.Refused, ErrorCodes.CommandRefused), (outcome.CommandId, outcome.Result, outcome.Code));
        Assert.Equal("complete", await bus.Actions.Reader.ReadAsync());
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task OutcomeOfACommand_BelongsToTheTraceOfTheCommand()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        using var service = Start(bus, folder);
        using var trace = new Activity("pipeline").SetIdFormat(ActivityIdFormat.W3C).Start();
        bus.Commands.Writer.TryWrite(Message.Write(TestPackage.Command(CommandKind.Report, null), DateTimeOffset.UtcNow));
        trace.Stop();
        ReadOnlyMemory<byte> body;
        do
        {
            (body, _) = await bus.Sent.Reader.ReadAsync();
        }
        while (Message.ReadType(body.Span) != MessageTypes.Outcome);

        Assert.Equal(trace.TraceId.ToHexString(), Message.FindTraceParent(body.Span)?.Split('-')[1]);
        Assert.DoesNotContain(trace.SpanId.ToHexString(), Message.FindTraceParent(body.Span));
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Requests_CarryATokenOfTheKey()
    {
        await using var folder = new MountedFolder();
        await using var bus = await BusServer.StartAsync();
        using var service = Start(bus, folder);
        await NextHelloAsync(bus);
        Assert.True(bus.Requests.TryDequeue(out var request));
        var token = request.Authorization.Split(' ')[1].Split('&').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        Assert.Equal(bus.Address.AbsoluteUri, Uri.UnescapeDataString(token["sr"]));
        Assert.Equal("listener", token["skn"]);
        var signed = System.Security.Cryptography.HMACSHA256.HashData("secret"u8, System.Text.Encoding.UTF8.GetBytes(token["sr"] + "\n" + token["se"]));
        Assert.Equal(Convert.ToBase64String(signed), Uri.UnescapeDataString(token["sig"]));
        await service.StopAsync(CancellationToken.None);
    }
}

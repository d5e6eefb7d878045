using AppAttach.Embedded.Inbox;
using AppAttach.Embedded.Tests.Bus;
using AppAttach.Pipeline.Intake;
using AppAttach.TestKit.Packages;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Embedded.Tests.Inbox;

/// <summary>Real files and real notices of the system; only the clock stands still until it is moved.</summary>
public sealed class InboxWatcherTests : IAsyncLifetime
{
    private static readonly TimeSpan Tick = InboxWatcher.SettleTime / 4;

    private readonly TemporaryFolder _folder = new();
    private readonly BusClock _clock = new();
    private readonly RecordingOrchestrations _orchestrations = new();
    private readonly byte[] _package = new PackageBuilder().With("app.txt", PackageBuilder.Content(100_000)).Build();
    private readonly FolderInbox _inbox;
    private readonly InboxWatcher _watcher;

    public InboxWatcherTests()
    {
        _inbox = new FolderInbox(_folder.PathOf("inbox"));
        _watcher = new InboxWatcher(_inbox, new PackageDropHandler(_orchestrations), _clock, NullLogger<InboxWatcher>.Instance);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _watcher.StopAsync(CancellationToken.None);
        _watcher.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WholePackage_IsTakenAfterOneSecondAndNotBefore()
    {
        await StartAsync();
        await WriteAsync("a.msix", _package);
        await AdvanceAsync(InboxWatcher.SettleTime - Tick);
        Assert.Empty(_orchestrations.Drops);
        await AdvanceUntilTakenAsync(1);
        Assert.Equal(_inbox.Describe("a.msix"), Assert.Single(_orchestrations.Drops));
    }

    [Fact]
    public async Task HalfWrittenPackage_IsNotTakenWhileItStandsStillForLess()
    {
        await StartAsync();
        await WriteAsync("a.msix", _package[..50_000]);
        await AdvanceAsync(InboxWatcher.UnfinishedSettleTime - Tick);
        Assert.Empty(_orchestrations.Drops);

        // The rest arrives: a whole archive again has to stand still for its second.
        await using (var file = new FileStream(PathOf("a.msix"), FileMode.Append))
        {
            await file.WriteAsync(_package.AsMemory(50_000));
        }

        await AdvanceAsync(InboxWatcher.SettleTime - Tick);
        Assert.Empty(_orchestrations.Drops);
        await AdvanceUntilTakenAsync(1);
        Assert.Equal(_package.Length, Assert.Single(_orchestrations.Drops).SizeBytes);
    }

    [Fact]
    public async Task FileThatNeverEndsAsAnArchive_IsTakenAfterFiveSecondsToBeRejected()
    {
        await StartAsync();
        await WriteAsync("empty.msix", []);
        await AdvanceAsync(InboxWatcher.UnfinishedSettleTime - Tick);
        Assert.Empty(_orchestrations.Drops);
        await AdvanceUntilTakenAsync(1);
        Assert.Equal(0, Assert.Single(_orchestrations.Drops).SizeBytes);
    }

    [Fact]
    public async Task RenamedIn_IsTaken()
    {
        await StartAsync();
        await File.WriteAllBytesAsync(PathOf("a.msix.part"), _package);
        File.Move(PathOf("a.msix.part"), PathOf("a.msix"));
        await SettlingAsync();
        await AdvanceUntilTakenAsync(1);
        Assert.Equal("a.msix", Assert.Single(_orchestrations.Drops).Name);
    }

    [Fact]
    public async Task ReplacedWhileWaiting_OnlyTheNewOneIsTaken()
    {
        await StartAsync();
        await WriteAsync("a.msix", _package);
        await AdvanceAsync(InboxWatcher.SettleTime - Tick);
        var other = new PackageBuilder { Version = "2.0.0.0" }.With("app.txt", "another").Build();
        await File.WriteAllBytesAsync(PathOf("a.msix.part"), other);
        File.Move(PathOf("a.msix.part"), PathOf("a.msix"), overwrite: true);
        await AdvanceAsync(InboxWatcher.SettleTime - Tick);
        Assert.Empty(_orchestrations.Drops);
        await AdvanceUntilTakenAsync(1);
        Assert.Equal(other.Length, Assert.Single(_orchestrations.Drops).SizeBytes);
    }

    [Fact]
    public async Task RemovedWhileWaiting_IsForgotten_AndTheNextOneIsTaken()
    {
        await StartAsync();
        await WriteAsync("a.msix", _package);
        await AdvanceAsync(Tick);
        File.Delete(PathOf("a.msix"));
        _clock.Advance(Tick);
        await WriteAsync("b.msix", _package);
        await AdvanceUntilTakenAsync(1);
        Assert.Equal("b.msix", Assert.Single(_orchestrations.Drops).Name);
    }

    [Fact]
    public async Task WhatIsNoPackage_IsLeftAlone()
    {
        await StartAsync();
        await File.WriteAllBytesAsync(PathOf("readme.txt"), _package);
        await File.WriteAllBytesAsync(PathOf("a.msix.part"), _package);
        await File.WriteAllBytesAsync(PathOf("msix"), _package);
        Directory.CreateDirectory(PathOf("folder.msix"));
        await WriteAsync("b.msix", _package);
        await AdvanceUntilTakenAsync(1);
        Assert.Equal("b.msix", Assert.Single(_orchestrations.Drops).Name);
    }

    [Fact]
    public async Task NamesOfAllKinds_AreTakenAsTheyAre()
    {
        string[] names = [" a b.msix", "Grüße 日本語.appx", ".hidden.msix", "UPPER.MSIX", "two.dots.msixbundle", "100% (1) #2.appxbundle"];
        await StartAsync();
        foreach (var name in names)
        {
            await WriteAsync(name, _package);
        }

        await AdvanceUntilTakenAsync(names.Length);
        Assert.Equal(names.Order(StringComparer.Ordinal), _orchestrations.Drops.Select(drop => drop.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PackageFromBeforeTheStart_IsTaken()
    {
        await File.WriteAllBytesAsync(PathOf("a.msix"), _package);
        await StartAsync();
        await SettlingAsync();
        await AdvanceUntilTakenAsync(1);
        Assert.Equal("a.msix", Assert.Single(_orchestrations.Drops).Name);
    }

    private string PathOf(string name) => Path.Combine(_inbox.Folder, name);

    private Task StartAsync() => _watcher.StartAsync(CancellationToken.None);

    /// <summary>Writes a file and waits until the watcher has noticed that something is there.</summary>
    private async Task WriteAsync(string name, byte[] content)
    {
        await File.WriteAllBytesAsync(PathOf(name), content);
        await SettlingAsync();
    }

    private Task SettlingAsync() => Eventually.IsTrueAsync(() => _clock.TimersSet > 0, "the watcher waits for a file to settle");

    /// <summary>Moves the clock on, a tick of the watcher at a time, each of which it looks at the files in.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Tick)
        {
            var timers = _clock.TimersSet;
            _clock.Advance(Tick);
            await Eventually.IsTrueAsync(() => _clock.TimersSet > timers || _orchestrations.Drops.Count > 0, "the watcher looks again");
        }
    }

    private Task AdvanceUntilTakenAsync(int count) => Eventually.IsTrueAsync(
        () =>
        {
            _clock.Advance(Tick);
            return _orchestrations.Drops.Count >= count;
        },
        $"{count} drops");
}

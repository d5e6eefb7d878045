using System.Diagnostics;
using System.Globalization;
using AppAttach.Contracts;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Images;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Registration;
using AppAttach.Listener.Tests.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Listener.Tests.Mounting;

/// <summary>Fifty images come and go in random order over real mounts, while the listener and the programs that mount are killed.</summary>
public sealed class KillTests : IAsyncDisposable
{
    private const int ImageCount = 50;
    private const int Commands = 80;

    private readonly MountedFolder _folder = new();
    private readonly CrashPoints _points = new();
    private readonly Random _random = new(50);
    private readonly List<string> _said = [];
    private HostMachine _machine = null!;
    private CommandHandler _handler = null!;
    private Convergence _convergence = null!;

    public ValueTask DisposeAsync()
    {
        _machine?.Dispose();
        return _folder.DisposeAsync();
    }

    [Fact]
    public async Task FiftyImagesInRandomOrderWithKills_LeaveNoMountBehind()
    {
        Judge.Require(NtfsImage.Judges);
        var images = await MakeImagesAsync();
        Start();
        foreach (var command in Life(images))
        {
            await AskThroughKillsAsync(command);
        }

        foreach (var package in images.Keys)
        {
            await AskThroughKillsAsync(TestPackage.Command(CommandKind.Deregister, package));
            await AskThroughKillsAsync(TestPackage.Command(CommandKind.Destage, package));
        }

        Assert.True(_said.Count(line => line == "killed") > 20, $"Only {_said.Count} kills.");
        Assert.Empty(_machine.Ledger.Packages);
        Assert.DoesNotContain(_folder.Path, await File.ReadAllTextAsync("/proc/mounts"), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, await Judge.PassAsync("losetup", "--list"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.PathOf("mounts")));
    }

    // One file system, made once; what lies behind the image's last block makes each file another.
    private async Task<Dictionary<PackageReference, ImageReference>> MakeImagesAsync()
    {
        var share = Directory.CreateDirectory(_folder.PathOf("share")).FullName;
        var packages = Enumerable.Range(0, ImageCount).Select(i =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Contoso.App{i}");
            return new PackageReference($"{name}_1.0.0.0_x64__8wekyb3d8bbwe", $"{name}_8wekyb3d8bbwe", "1.0.0.0", "x64");
        }).ToList();
        var model = await NtfsImage.MakeAsync(
            _folder.Path, "model", [.. packages.Select(package => ($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest(name: package.FullName.Split('_')[0])))]);
        var images = new Dictionary<PackageReference, ImageReference>();
        foreach (var package in packages)
        {
            var path = Path.Combine(share, package.FullName + ".vhdx");
            File.Copy(model.Path, path);
            await File.AppendAllTextAsync(path, package.FullName.PadRight(1 << 20));
            images.Add(package, TestPackage.Reference(path));
        }

        return images;
    }

    // Every image is staged; what else happens to it is left to chance.
    private List<HostCommand> Life(Dictionary<PackageReference, ImageReference> images)
    {
        var packages = images.Keys.ToArray();
        _random.Shuffle(packages);
        var life = packages.Select(package => TestPackage.Command(CommandKind.Stage, package, images[package])).ToList();
        while (life.Count < Commands)
        {
            var package = packages[_random.Next(packages.Length)];
            var kind = (CommandKind)_random.Next(4);
            life.Insert(_random.Next(life.Count), TestPackage.Command(kind, package, kind == CommandKind.Stage ? images[package] : null, null, kind == CommandKind.Register ? ["anna"] : []));
        }

        return life;
    }

    private async Task AskThroughKillsAsync(HostCommand command)
    {
        if (_random.Next(4) == 0)
        {
            _points.CrashAfter(_random.Next(12));
        }

        try
        {
            await _handler.HandleAsync(command, CancellationToken.None);
            return;
        }
        catch (CrashException)
        {
            _said.Add("killed");
        }

        _points.Disarm();
        if (_random.Next(3) == 0)
        {
            KillOneMount();
        }

        Start();
        Assert.Equal(0, await _convergence.RunAsync(CancellationToken.None));
        var mounted = (await _machine.Mounter.ListAsync(CancellationToken.None)).Select(image => image.Image.Digest).Order(StringComparer.Ordinal);
        Assert.Equal(_machine.Ledger.Packages.Select(record => record.Image.Digest).Order(StringComparer.Ordinal), mounted);

        // The command was not completed, so the bus brings it again.
        var outcome = (await _handler.HandleAsync(command, CancellationToken.None)).Outcome;
        Assert.True(outcome.Code is null or ErrorCodes.NotStaged or ErrorCodes.InUse, outcome.Message);
    }

    private void Start()
    {
        _machine?.Dispose();
        var state = _folder.PathOf("state");
        _machine = new HostMachine(
            new HostLedger(new CrashingLedgerStore(new DiskLedgerStore(Path.Combine(state, HostLedger.FolderName)), _points)),
            new CrashingMounter(new FuseImageMounter(_folder.PathOf("mounts")), _points),
            new CrashingRegistrar(new FileRegistrar(state, TimeProvider.System), _points),
            new ImagePathRule([_folder.PathOf("share")]),
            new ImageProof(DigestPolicy.Sampled, readsAtOnce: 2, state),
            TimeProvider.System);
        var staging = new PackageStaging(_machine);
        var registering = new PackageRegistering(_machine, staging, NullLogger.Instance);
        _handler = new CommandHandler(
            TestPackage.Host, _machine, staging, registering, () => new Backoff(new Random(1), TimeSpan.Zero, TimeSpan.Zero), TimeSpan.Zero, NullLogger.Instance);
        _convergence = new Convergence(_machine, staging, registering, NullLogger.Instance);
    }

    private void KillOneMount()
    {
        var programs = new[] { "ntfs-3g", "vhdimount" }.SelectMany(Process.GetProcessesByName)
            .Where(process => ReadCommandLine(process.Id).Contains(_folder.Path, StringComparison.Ordinal)).ToArray();
        if (programs.Length > 0)
        {
            programs[_random.Next(programs.Length)].Kill();
        }
    }

    private static string ReadCommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}

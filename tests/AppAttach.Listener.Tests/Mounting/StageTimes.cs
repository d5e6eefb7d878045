using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AppAttach.Contracts;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Images;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Mounting;
using AppAttach.Listener.Registration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Listener.Tests.Mounting;

/// <summary>
/// How long a stage command takes for an image that can be reached, and where that goes: a measurement, run by itself with
/// <c>dotnet run -c Release --project tests/AppAttach.Listener.Tests -- -explicit only -class AppAttach.Listener.Tests.Mounting.StageTimes -showLiveOutput</c>.
/// </summary>
public sealed class StageTimes(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Runs = 9;
    private const int LargeMegaBytes = 1024;

    private readonly MountedFolder _folder = new();
    private readonly StepClock _steps = new();

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact(Explicit = true)]
    public async Task Stage_Measured()
    {
        Judge.Require(NtfsImage.Judges);
        var package = TestPackage.Make();
        var share = Directory.CreateDirectory(_folder.PathOf("share")).FullName;
        var image = await NtfsImage.MakeAsync(share, "app", ($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest()));
        output.WriteLine("| image | digest policy | stage, ms: median | least | digest | mount | ledger, four flushed writes | rest: checks, link | destage |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var megaBytes in new[] { (int)(image.SizeBytes >> 20), LargeMegaBytes })
        {
            image = Grow(image, megaBytes);
            foreach (var policy in Enum.GetValues<DigestPolicy>())
            {
                await MeasureAsync(package, image, policy);
            }
        }
    }

    // What lies behind the disk's last block costs what any block does to hash and nothing to mount.
    private static ImageReference Grow(ImageReference image, int megaBytes)
    {
        using (var file = File.OpenWrite(image.Path))
        {
            file.Position = file.Length;
            var noise = RandomNumberGenerator.GetBytes(1 << 20);
            while (file.Length < (long)megaBytes << 20)
            {
                file.Write(noise);
            }
        }

        using var content = File.OpenRead(image.Path);
        return image with { Digest = Convert.ToHexStringLower(SHA256.HashData(content)), SizeBytes = content.Length };
    }

    private async Task MeasureAsync(PackageReference package, ImageReference image, DigestPolicy policy)
    {
        var state = _folder.PathOf($"state-{policy}-{image.SizeBytes}");
        using var machine = new HostMachine(
            new HostLedger(new TimedLedgerStore(new DiskLedgerStore(Path.Combine(state, HostLedger.FolderName)), _steps)),
            new TimedMounter(new FuseImageMounter(_folder.PathOf("mounts")), _steps),
            new FileRegistrar(state, TimeProvider.System),
            new ImagePathRule([_folder.PathOf("share")]),
            new ImageProof(policy, readsAtOnce: 2, state),
            TimeProvider.System);
        var staging = new PackageStaging(machine);
        var handler = new CommandHandler(
            TestPackage.Host, machine, staging, new PackageRegistering(machine, staging, NullLogger.Instance),
            () => new Backoff(new Random(1), TimeSpan.Zero, TimeSpan.Zero), TimeSpan.Zero, NullLogger.Instance);
        var runs = new List<Dictionary<string, double>>();

        // The first is not counted: code is compiled in it, and the policy "sampled" needs a proof of before.
        for (var run = 0; run <= Runs; run++)
        {
            _steps.Reset();
            var stage = await AskAsync(handler, TestPackage.Command(CommandKind.Stage, package, image));
            var steps = _steps.Take();
            var destage = await AskAsync(handler, TestPackage.Command(CommandKind.Destage, package));
            steps["stage"] = stage;
            steps["destage"] = destage;
            steps["digest"] = await TimeAsync(() => machine.ProveImageAsync(image, CancellationToken.None));
            steps["rest"] = Math.Max(0, stage - steps["digest"] - steps["mount"] - steps["ledger"]);
            if (run > 0)
            {
                runs.Add(steps);
            }
        }

        // Other work on the machine only adds: the least says what it takes.
        string Nth(string step, int n) => runs.Select(steps => steps.GetValueOrDefault(step)).Order().ElementAt(n).ToString("0", CultureInfo.InvariantCulture);
        string Least(string step) => Nth(step, 0);
        output.WriteLine(
            $"| {image.SizeBytes >> 20} MiB | `{policy.ToString().ToLowerInvariant()}` | {Nth("stage", Runs / 2)} | {Least("stage")} | {Least("digest")} | {Least("mount")} | {Least("ledger")} | {Least("rest")} | {Least("destage")} |");
    }

    private static Task<double> AskAsync(CommandHandler handler, HostCommand command) =>
        TimeAsync(async () => Assert.Null((await handler.HandleAsync(command, CancellationToken.None)).Outcome.Message));

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var begun = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private sealed class StepClock
    {
        private Dictionary<string, double> _spent = [];

        public void Reset() => _spent = [];

        public Dictionary<string, double> Take() => new(_spent);

        public void Add(string step, long begun) => _spent[step] = _spent.GetValueOrDefault(step) + Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private sealed class TimedMounter(FuseImageMounter inner, StepClock steps) : IImageMounter
    {
        public string Name => inner.Name;

        public async Task<IMountedImage> MountAsync(ImageReference image, CancellationToken cancellationToken)
        {
            var begun = Stopwatch.GetTimestamp();
            var mounted = await inner.MountAsync(image, cancellationToken);
            steps.Add("mount", begun);
            return mounted;
        }

        public Task UnmountAsync(string digest, CancellationToken cancellationToken) => inner.UnmountAsync(digest, cancellationToken);

        public Task<IReadOnlyList<IMountedImage>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);
    }

    private sealed class TimedLedgerStore(ILedgerStore inner, StepClock steps) : ILedgerStore
    {
        public IReadOnlyList<string> List(string folder) => inner.List(folder);

        public byte[]? Read(string folder, string name) => inner.Read(folder, name);

        public void Write(string folder, string name, byte[] content)
        {
            var begun = Stopwatch.GetTimestamp();
            inner.Write(folder, name, content);
            steps.Add("ledger", begun);
        }

        public void Delete(string folder, string name) => inner.Delete(folder, name);
    }
}

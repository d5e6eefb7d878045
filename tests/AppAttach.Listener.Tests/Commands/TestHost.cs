using AppAttach.Contracts;
using AppAttach.Listener.Images;
using AppAttach.Listener.Commands;
using AppAttach.Listener.Ledger;
using AppAttach.Listener.Offers;
using AppAttach.Listener.Registration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AppAttach.Listener.Tests.Commands;

/// <summary>A machine without a bus: state and registrations in a real folder, mounts as folders, and crashes on demand.</summary>
internal sealed class TestHost : IDisposable
{
    // In memory where there is such a folder: hundreds of lives are lived here, and each flushes to the disk all the time.
    private readonly string _folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory(Path.Combine("/dev/shm", "appattach-test-" + Guid.NewGuid().ToString("N"))).FullName
        : Directory.CreateTempSubdirectory("appattach-test-").FullName;

    public TestHost()
    {
        Share = Directory.CreateDirectory(Path.Combine(_folder, "share")).FullName;
        Mounter = new FolderMounter(Path.Combine(_folder, "mounts"), Points);
        Start();
    }

    public string Share { get; }

    public string State => Path.Combine(_folder, "state");

    public string Offers => Path.Combine(State, ListenerOptions.OffersFolderName);

    public DigestPolicy Policy { get; set; }

    public CrashPoints Points { get; } = new();

    public InstantClock Clock { get; } = new();

    public FolderMounter Mounter { get; }

    public HostMachine Machine { get; private set; } = null!;

    public CommandHandler Handler { get; private set; } = null!;

    public Convergence Convergence { get; private set; } = null!;

    /// <summary>Where this is set before a start, users have to be signed in.</summary>
    public SessionRegistrar? Sessions { get; set; }

    /// <summary>Starts a new listener on what the last one left.</summary>
    public void Start()
    {
        Machine?.Dispose();
        Machine = new HostMachine(
            new HostLedger(
                new CrashingLedgerStore(new DiskLedgerStore(Path.Combine(State, HostLedger.FolderName)), Points),
                new OfferBook(new CrashingLedgerStore(new DiskLedgerStore(Offers), Points))),
            Mounter,
            new CrashingRegistrar((IPackageRegistrar?)Sessions ?? new FileRegistrar(State, Clock), Points),
            new ImagePathRule([Share]),
            new ImageProof(Policy, readsAtOnce: 2, State),
            Clock);
        var staging = new PackageStaging(Machine);
        var registering = new PackageRegistering(Machine, staging, NullLogger.Instance);
        Handler = new CommandHandler(
            TestPackage.Host,
            Machine,
            staging,
            registering,
            () => new Backoff(new Random(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            TimeSpan.FromSeconds(30),
            NullLogger.Instance);
        Convergence = new Convergence(Machine, staging, registering, NullLogger.Instance);
    }

    public ImageReference MakeImage(string name, params (string Path, string Content)[] files)
    {
        var path = Path.Combine(Share, name);
        File.WriteAllText(path, FolderMounter.Image(files));
        return TestPackage.Reference(path);
    }

    public ImageReference MakeImage(PackageReference package) =>
        MakeImage(package.Version + ".vhdx", ($"apps/{package.FullName}/AppxManifest.xml", TestPackage.Manifest(package.Version)));

    public async Task<CommandOutcome> AskAsync(HostCommand command) => (await Handler.HandleAsync(command, CancellationToken.None)).Outcome;

    /// <summary>Everything that can be seen of the machine, as lines.</summary>
    public async Task<string> DescribeAsync()
    {
        var hello = await new HelloWriter(new ListenerOptions { Host = TestPackage.Host, Pool = "pool" }, Machine).WriteAsync(CancellationToken.None);
        var lines = hello.Inventory.Select(item => $"{item.PackageFullName} mounted={item.IsMounted} users={string.Join(',', item.RegisteredUsers)}")
            .Concat(Machine.Ledger.Packages.Select(record => $"ledger {record.Package.FullName} {record.State} {string.Join(',', record.Users)}"))
            .Concat((await Mounter.ListAsync(CancellationToken.None)).Select(image => $"mount {image.Image.Digest}"))
            .Concat(Machine.Registrar.ListStaged().Select(name => $"link {name}"))
            .Concat(Machine.Registrar.ListRegistrations().Select(entry => $"registered {entry.User} {entry.PackageFullName}"));
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        Machine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

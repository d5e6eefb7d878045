using System.Collections.Concurrent;
using System.Security.Cryptography;
using AppAttach.Contracts;
using AppAttach.Imaging.Signatures;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Intake;
using AppAttach.Pipeline.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace AppAttach.Pipeline.Tests.Ports;

/// <summary>
/// What lies around the pipeline, in memory: its ports, one pool in each region, named after it (<c>pool-REGION</c>), and hosts that say hello and answer.
/// Every family is assigned to every pool. The engine under it comes from who inherits.
/// </summary>
internal abstract class MemoryWorld
{
    private readonly ConcurrentDictionary<string, (string Pool, DateTimeOffset At)> _lastHellos = new();
    private int _moments;

    protected MemoryWorld(IReadOnlyList<string> regions)
    {
        Catalog = new MemoryCatalog(Faults);
        Inbox = new MemoryInbox(Faults);
        Images = new MemoryImageStore(Faults);
        Shares = new MemoryShares(regions, Images, Faults);
        Bus = new MemoryBus(Faults);
        Bus.Delivers = outcome => DeliverAsync(Message.Write(outcome with { CompletedAt = NextMoment(outcome.Host) }));
        Bus.SaysHello = (host, _) => HelloAsync(host, PoolOf(host));
        Options = new PipelineOptions
        {
            Pools = [.. regions.Select(region => new PoolOptions("pool-" + region, region))],
            Policy = new PackagePolicy { Signature = SignatureMode.Ignore },
        };
        foreach (var pool in Options.Pools)
        {
            Assign(AssignmentRecord.EveryFamily, pool.Name);
        }
    }

    public PipelineOptions Options { get; set; }

    public PortFaults Faults { get; } = new();

    public MemoryCatalog Catalog { get; }

    public MemoryInbox Inbox { get; }

    public MemoryImageStore Images { get; }

    public MemoryShares Shares { get; }

    public MemoryBus Bus { get; }

    protected abstract TimeProvider Time { get; }

    /// <summary>Gives a message to the pipeline, as the bus does.</summary>
    /// <param name="body">The message.</param>
    /// <param name="key">Signs it for its host; null: nobody does.</param>
    /// <returns>A task that completes when it had its effect.</returns>
    public abstract Task DeliverAsync(byte[] body, ECDsa? key = null);

    public void Assign(string family, string pool, params string[] users)
    {
        var key = AssignmentRecord.KeyOf(family, pool);
        var existing = Catalog.ReadAsync<AssignmentRecord>(DocumentKinds.Assignments, key, default).Result;
        _ = Catalog.WriteAsync(DocumentKinds.Assignments, key, new AssignmentRecord(family, pool, users), existing?.ETag, default).Result;
    }

    /// <summary>Says hello for a host. No two hellos of a host are of one moment, though the clock of a test may stand still.</summary>
    public Task HelloAsync(string host, string pool, DateTimeOffset? sentAt = null, ECDsa? key = null)
    {
        var moment = sentAt ?? NextMoment(host);
        _lastHellos[host] = (pool, moment);
        return DeliverAsync(Message.Write(
            new HostHello
            {
                Host = host,
                Pool = pool,
                ListenerVersion = "1.0",
                OperatingSystem = "Test",
                Architecture = "x64",
                Mounter = "managed",
                Inventory = Bus.InventoryOf(host),
                SentAt = moment,
            },
            $"hello-{Interlocked.Increment(ref _moments)}"), key);
    }

    /// <summary>The pool that a host named in its last hello.</summary>
    protected string PoolOf(string host) => _lastHellos[host].Pool;

    /// <summary>Adds the pipeline and its ports, but for the orchestrations.</summary>
    protected IServiceCollection AddTo(IServiceCollection services)
    {
        services
            .AddSingleton<ICatalog>(Catalog)
            .AddSingleton<IPackageInbox>(Inbox)
            .AddSingleton<IImageStore>(Images)
            .AddSingleton<IRegionalShares>(Shares)
            .AddSingleton<ICommandSender>(Bus)
            .AddSingleton<IEventSender>(Bus)
            .AddSingleton<IReplySender>(Bus)
            .AddPipeline(Options);
        return services;
    }

    private DateTimeOffset NextMoment(string host)
    {
        var (now, last) = (Time.GetUtcNow(), _lastHellos.GetValueOrDefault(host).At);
        return (now > last ? now : last).AddTicks(Interlocked.Increment(ref _moments));
    }
}

using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Api.Views;

/// <summary>What the views know of the whole fleet.</summary>
/// <param name="catalog">The catalog.</param>
internal sealed class FleetLooks(ICatalog catalog) : IDisposable
{
    /// <summary>Packages, whole.</summary>
    public KnownDocuments<PackageRecord, PackageRecord> Packages { get; } = new(catalog, DocumentKinds.Packages, package => package);

    /// <summary>Releases, whole.</summary>
    public KnownDocuments<ReleaseRecord, ReleaseRecord> Releases { get; } = new(catalog, DocumentKinds.Releases, release => release);

    /// <summary>Rollouts, whole; their hosts are in documents of their own.</summary>
    public KnownDocuments<RolloutRecord, RolloutRecord> Rollouts { get; } = new(catalog, DocumentKinds.Rollouts, rollout => rollout);

    /// <summary>Hosts.</summary>
    public KnownDocuments<HostRecord, HostLook> Hosts { get; } = new(catalog, DocumentKinds.Hosts, HostLook.Of);

    /// <summary>Batches of rollouts; asked for by ring.</summary>
    public KnownDocuments<RolloutBatch, BatchTally> Batches { get; } = new(catalog, DocumentKinds.RolloutHosts, BatchTally.Of);

    /// <inheritdoc/>
    public void Dispose()
    {
        Packages.Dispose();
        Releases.Dispose();
        Rollouts.Dispose();
        Hosts.Dispose();
        Batches.Dispose();
    }
}

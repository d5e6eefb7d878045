using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Intake;

/// <summary>Fetches a package into the inbox, and starts its publishing.</summary>
/// <param name="sources">Gives the package.</param>
/// <param name="inbox">Takes it.</param>
/// <param name="drops">Starts its publishing.</param>
/// <param name="gate">Knows how long packages may be.</param>
/// <param name="catalog">Says what is going on.</param>
/// <param name="clock">The clock.</param>
public sealed class FetchPackageActivity(
    PackageSources sources, IPackageInbox inbox, PackageDropHandler drops, PackageGate gate, ICatalog catalog, TimeProvider clock)
    : IActivity<FetchPackageInput, FetchPackageResult>
{
    /// <inheritdoc/>
    public async Task<FetchPackageResult> RunAsync(FetchPackageInput input, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await catalog.UpdateAsync<PackageRecord>(
            DocumentKinds.Packages,
            input.InstanceId,
            current => (current ?? PackageRecord.Begin(input.InstanceId, input.ToDrop(), now)) with
            {
                State = PackageState.Fetching, RequestedBy = input.RequestedBy, UpdatedAt = now,
            },
            cancellationToken);
        PackageDrop drop;
        try
        {
            drop = await FetchAsync(input, cancellationToken);
        }
        catch (PackageRefusedException e)
        {
            return new FetchPackageResult(null, e.Rejection);
        }

        // From here on it is told under the drop's own name, as that of any other.
        var publishing = drop.ToInstanceId();
        await catalog.UpdateAsync<PackageRecord>(
            DocumentKinds.Packages,
            publishing,
            current => (current ?? PackageRecord.Begin(publishing, drop, now)) with { RequestedBy = input.RequestedBy },
            cancellationToken);
        await drops.HandleAsync(drop, cancellationToken);
        await catalog.DeleteAsync(DocumentKinds.Packages, input.InstanceId, cancellationToken);
        return new FetchPackageResult(publishing, null);
    }

    private async Task<PackageDrop> FetchAsync(FetchPackageInput input, CancellationToken cancellationToken)
    {
        using var response = await sources.OpenAsync(new Uri(input.Source), cancellationToken);
        if (response.Content.Headers.ContentLength is { } length)
        {
            gate.RequireSize(input.Name, length);
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var content = new IncomingStream(body, input.Name, gate, input.Digest);
        return await inbox.StoreAsync(input.Name, content, cancellationToken);
    }
}

using AppAttach.Contracts;
using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline.Replication;

/// <summary>What a region has now.</summary>
/// <param name="Package">The package.</param>
/// <param name="Copy">The verified copy.</param>
public sealed record ReleaseRegionInput(PackageReference Package, RegionCopy Copy);

/// <summary>What follows from it.</summary>
/// <param name="Rollouts">Instance ids of the rollouts to the region's pools.</param>
public sealed record ReleaseRegionResult(IReadOnlyList<string> Rollouts);

/// <summary>Lists a copy in the release, and starts the rollouts that assignments ask for in that region.</summary>
/// <param name="catalog">Holds the releases and assignments.</param>
/// <param name="rollouts">Starts rollouts.</param>
public sealed class ReleaseRegionActivity(ICatalog catalog, RolloutStarter rollouts) : IActivity<ReleaseRegionInput, ReleaseRegionResult>
{
    /// <inheritdoc/>
    public async Task<ReleaseRegionResult> RunAsync(ReleaseRegionInput input, CancellationToken cancellationToken)
    {
        var release = await catalog.UpdateAsync<ReleaseRecord>(
            DocumentKinds.Releases,
            input.Package.FullName,
            current => (current ?? throw new InvalidOperationException(
                $"The release of {input.Package.FullName} is not in the catalog any more; drop the package again.")) with
            {
                Copies = [.. current.Copies.Where(copy => copy.Region != input.Copy.Region).Append(input.Copy).OrderBy(copy => copy.Region, StringComparer.Ordinal)],
            },
            cancellationToken);
        return new ReleaseRegionResult(await rollouts.StartForRegionAsync(release, input.Copy.Region, cancellationToken));
    }
}

using AppAttach.Pipeline.Catalog;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Pipeline.Rollout;

/// <summary>Tells rollouts that are under way to look whether they may go on. What they then find in the catalog counts, not the signal.</summary>
/// <param name="catalog">Holds the rollouts.</param>
/// <param name="orchestrations">Reaches their rings.</param>
public sealed class RolloutSignals(ICatalog catalog, IOrchestrationClient orchestrations)
{
    /// <summary>Tells a rollout's ring that is under way.</summary>
    /// <param name="rollout">The rollout as it was just written: a ring that began before is in it, one that begins later looks by itself.</param>
    /// <param name="by">Who causes it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the signal cannot be lost any more.</returns>
    public async Task TellAsync(RolloutRecord rollout, string by, CancellationToken cancellationToken)
    {
        // The first that was not passed is under way, or about to begin: a ring waits for its first phase too.
        for (var ring = 0; ring < rollout.Rings.Count; ring++)
        {
            if (rollout.Rings[ring].Phase != RingPhase.Passed)
            {
                await orchestrations.RaiseEventAsync(
                    RolloutIds.OfRing(rollout.Id, ring), RunRingOrchestrator.ControlEvent, new RolloutSignal(by), cancellationToken);
                return;
            }
        }
    }

    /// <summary>Tells every rollout of a family to a pool but one.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="family">Package family name.</param>
    /// <param name="exceptId">The one that is in charge now; null: none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when no signal can be lost any more.</returns>
    public async Task TellOthersAsync(string pool, string family, string? exceptId, CancellationToken cancellationToken)
    {
        await foreach (var entry in catalog.ListAsync<RolloutRecord>(DocumentKinds.Rollouts, cancellationToken))
        {
            var other = entry.Document;
            if (other.Id != exceptId
                && other.State.IsUnderWay()
                && string.Equals(other.Pool, pool, StringComparison.OrdinalIgnoreCase)
                && string.Equals(other.Package.FamilyName, family, StringComparison.OrdinalIgnoreCase))
            {
                await TellAsync(other, exceptId ?? pool, cancellationToken);
            }
        }
    }
}

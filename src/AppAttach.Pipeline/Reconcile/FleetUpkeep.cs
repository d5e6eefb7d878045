using AppAttach.Pipeline.Retention;
using AppAttach.Pipeline.Rollout;

namespace AppAttach.Pipeline.Reconcile;

/// <summary>
/// What time asks for: rollouts that assignments want and nobody started, hosts whose commands went unanswered, images that may go. Each run may come twice,
/// or while another goes on.
/// </summary>
/// <param name="options">The pools.</param>
/// <param name="starter">Starts rollouts.</param>
/// <param name="reconciler">Brings hosts to what they should have.</param>
/// <param name="retention">Deletes what nothing wants.</param>
public sealed class FleetUpkeep(PipelineOptions options, RolloutStarter starter, HostReconciler reconciler, RetentionSweep retention)
{
    /// <summary>Does all of it once.</summary>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>What became of the releases' images; the task fails with what a share or the bus said.</returns>
    public async Task<IReadOnlyList<RetentionFinding>> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var pool in options.Pools)
        {
            await starter.StartMissingAsync(pool.Name, cancellationToken);
        }

        await reconciler.ReconcilePoolAsync(null, cancellationToken);
        return await retention.RunAsync(isDryRun: false, cancellationToken);
    }
}

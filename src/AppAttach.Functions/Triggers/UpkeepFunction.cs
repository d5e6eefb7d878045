using AppAttach.Functions.Orchestration;
using AppAttach.Pipeline.Reconcile;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Triggers;

/// <summary>Looks every ten minutes after what no message asks for. The host's singleton lock keeps it to one instance at a time.</summary>
/// <param name="upkeep">Does it.</param>
/// <param name="orchestrations">Takes the client that the function is given.</param>
public sealed class UpkeepFunction(FleetUpkeep upkeep, DurableOrchestrationClient orchestrations)
{
    private const string EveryTenMinutes = "0 */10 * * * *";

    /// <summary>Does it once; a failure is tried again at the next turn.</summary>
    /// <param name="timer">The turn.</param>
    /// <param name="client">Starts rollouts.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>A task that completes when it is done.</returns>
    [Function("Upkeep")]
    public Task RunAsync([TimerTrigger(EveryTenMinutes)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        orchestrations.UseAsync(client, () => upkeep.RunAsync(cancellationToken));
}

using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Settings;
using AppAttach.Pipeline.Rollout;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Triggers;

/// <summary>Takes from the queue <c>host-outcomes</c> what hosts say.</summary>
/// <param name="handler">Records it.</param>
/// <param name="orchestrations">Takes the client that the function is given.</param>
/// <param name="settlement">Settles messages.</param>
public sealed class HostOutcomesFunction(HostMessageHandler handler, DurableOrchestrationClient orchestrations, Settlement settlement)
{
    /// <summary>Handles one outcome or hello.</summary>
    /// <param name="message">The message.</param>
    /// <param name="actions">Settles it.</param>
    /// <param name="client">Takes outcomes to the rollouts that wait for them.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>A task that completes when the message is settled.</returns>
    [Function("HostOutcomes")]
    public Task RunAsync(
        [ServiceBusTrigger(BusEntities.HostOutcomes, Connection = Connections.Bus, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        orchestrations.UseAsync(
            client,
            () => settlement.SettleAsync(
                BusEntities.HostOutcomes,
                message,
                actions,
                () => handler.HandleAsync(message.Body.ToMemory(), cancellationToken, proof: HostProof.Find(message.ApplicationProperties)),
                cancellationToken));
}

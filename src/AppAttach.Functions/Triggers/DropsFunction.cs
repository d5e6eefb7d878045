using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Settings;
using AppAttach.Pipeline.Intake;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Triggers;

/// <summary>Takes from the queue <c>drops</c> what Event Grid says about the container of packages.</summary>
/// <param name="handler">Starts the publishing.</param>
/// <param name="orchestrations">Takes the client that the function is given.</param>
/// <param name="settlement">Settles messages.</param>
public sealed class DropsFunction(PackageDropHandler handler, DurableOrchestrationClient orchestrations, Settlement settlement)
{
    /// <summary>Starts the publishing of a dropped package; other files are left alone.</summary>
    /// <param name="message">The event.</param>
    /// <param name="actions">Settles the message.</param>
    /// <param name="client">Starts orchestrations.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>A task that completes when the message is settled.</returns>
    [Function("Drops")]
    public Task RunAsync(
        [ServiceBusTrigger(BusEntities.Drops, Connection = Connections.Bus, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        orchestrations.UseAsync(
            client,
            () => settlement.SettleAsync(
                BusEntities.Drops, message, actions, () => HandleAsync(message, cancellationToken), cancellationToken));

    private async Task HandleAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        if (BlobCreatedEvent.Read(message.Body.ToMemory(), Containers.Packages) is { } drop && PackageDropHandler.IsPackageName(drop.Name))
        {
            await handler.HandleAsync(drop, cancellationToken);
        }
    }
}

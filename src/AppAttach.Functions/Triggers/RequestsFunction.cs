using AppAttach.Contracts;
using AppAttach.Functions.Orchestration;
using AppAttach.Functions.Settings;
using AppAttach.Pipeline.Ports;
using AppAttach.Pipeline.Requests;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace AppAttach.Functions.Triggers;

/// <summary>Takes from the queue <c>requests</c> what other systems ask for.</summary>
/// <param name="handler">Does it, and answers.</param>
/// <param name="orchestrations">Takes the client that the function is given.</param>
/// <param name="settlement">Settles messages.</param>
public sealed class RequestsFunction(RequestHandler handler, DurableOrchestrationClient orchestrations, Settlement settlement)
{
    /// <summary>Handles one request.</summary>
    /// <param name="message">The message.</param>
    /// <param name="actions">Settles it.</param>
    /// <param name="client">Starts rollouts and tells them to stop.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>A task that completes when the message is settled.</returns>
    [Function("Requests")]
    public Task RunAsync(
        [ServiceBusTrigger(BusEntities.Requests, Connection = Connections.Bus, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        orchestrations.UseAsync(
            client,
            () => settlement.SettleAsync(
                BusEntities.Requests, message, actions, () => handler.HandleAsync(message.Body.ToMemory(), AddressOf(message), cancellationToken), cancellationToken));

    private static ReplyAddress? AddressOf(ServiceBusReceivedMessage message) =>
        ReplyAddress.Of(message.ReplyTo, message.CorrelationId, message.MessageId, message.ReplyToSessionId);
}

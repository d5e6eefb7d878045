using Azure.Messaging.ServiceBus;

// The name that the Functions worker's extension for Service Bus has; the worker asks its host to settle, which asks the service. Here nothing is between.
namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages over the receiver that they came from.</summary>
/// <param name="receiver">It.</param>
public sealed class ServiceBusMessageActions(ServiceBusReceiver receiver)
{
    /// <summary>Completes a message.</summary>
    /// <param name="message">It, locked.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it is gone.</returns>
    public Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        receiver.CompleteMessageAsync(message, cancellationToken);

    /// <summary>Moves a message to the dead letters.</summary>
    /// <param name="message">It, locked.</param>
    /// <param name="propertiesToModify">Nothing: nobody here gives any.</param>
    /// <param name="deadLetterReason">A word.</param>
    /// <param name="deadLetterErrorDescription">A sentence.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when it lies there.</returns>
    public Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default) =>
        propertiesToModify is null
            ? receiver.DeadLetterMessageAsync(message, deadLetterReason, deadLetterErrorDescription, cancellationToken)
            : throw new NotSupportedException("Properties are left as they are.");
}

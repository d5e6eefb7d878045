using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace AppAttach.Functions.Tests.Triggers;

/// <summary>Notes how messages are settled, and in what order with other things.</summary>
internal sealed class RecordedMessageActions(List<string> log) : ServiceBusMessageActions
{
    /// <summary>Reason and description of the last dead letter.</summary>
    public (string? Reason, string? Description) DeadLetter { get; private set; }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        log.Add("complete");
        return Task.CompletedTask;
    }

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        log.Add("dead-letter");
        DeadLetter = (deadLetterReason, deadLetterErrorDescription);
        return Task.CompletedTask;
    }
}

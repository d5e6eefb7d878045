using AppAttach.Contracts;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace AppAttach.Functions.Triggers;

/// <summary>
/// Settles messages: complete after the effect, dead-letter with the reason what can never be handled. Any other exception goes to
/// the host, which abandons the message; it comes again until the queue's delivery count is used up.
/// </summary>
internal static class Settlement
{
    /// <summary>Characters of a dead-letter description at most (Service Bus: 4,096).</summary>
    private const int MaximumDescriptionLength = 4096;

    /// <summary>Handles a message and settles it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="actions">Settles it.</param>
    /// <param name="handle">Has the message's effect; when it returns, the effect is recorded.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    /// <returns>Whether the message was completed.</returns>
    public static async Task<bool> SettleAsync(
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        Func<Task> handle,
        CancellationToken cancellationToken)
    {
        try
        {
            await handle();
        }
        catch (MessageInvalidException e)
        {
            var description = e.Message[..Math.Min(e.Message.Length, MaximumDescriptionLength)];
            await actions.DeadLetterMessageAsync(
                message,
                deadLetterReason: ErrorCodes.MessageInvalid,
                deadLetterErrorDescription: description,
                cancellationToken: cancellationToken);
            return false;
        }

        await actions.CompleteMessageAsync(message, cancellationToken);
        return true;
    }
}

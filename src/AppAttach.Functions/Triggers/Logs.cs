using Microsoft.Extensions.Logging;

namespace AppAttach.Functions.Triggers;

/// <summary>What the Functions app logs; event ids 4000–4099.</summary>
internal static partial class Logs
{
    [LoggerMessage(4000, LogLevel.Error, "Message {MessageId} of {Queue} can never be handled and is in its dead letters: {Reason}")]
    public static partial void MessageInvalid(ILogger logger, string queue, string messageId, string reason);

    [LoggerMessage(4001, LogLevel.Error, "Message {MessageId} of {Queue} failed {Attempts} times and is in its dead letters.")]
    public static partial void MessageExhausted(ILogger logger, Exception exception, string queue, string messageId, int attempts);

    [LoggerMessage(4002, LogLevel.Warning, "Message {MessageId} of {Queue} failed in attempt {Attempts} and comes again in {Delay}.")]
    public static partial void MessagePutBack(
        ILogger logger, Exception exception, string queue, string messageId, int attempts, TimeSpan delay);

    [LoggerMessage(4003, LogLevel.Warning, "The hosts' subscriptions could not be listed; their dead letters are shown as they were when last asked.")]
    public static partial void SubscriptionsNotListed(ILogger logger, Exception exception);
}

namespace AppAttach.Embedded.Bus;

/// <summary>What the bus logs; event ids 2100 to 2199.</summary>
internal static partial class BusLogs
{
    /// <summary>A message went to the dead-letter queue by a consumer's decision.</summary>
    [LoggerMessage(2100, LogLevel.Warning, "A message of {EntityPath} was dead-lettered: {Reason}: {Description}")]
    public static partial void MessageDeadLettered(this ILogger logger, string entityPath, string reason, string description);

    /// <summary>A message used up its deliveries.</summary>
    [LoggerMessage(2101, LogLevel.Warning, "A message of {EntityPath} was dead-lettered: it was delivered too often and never completed.")]
    public static partial void DeliveriesUsedUp(this ILogger logger, string entityPath);

    /// <summary>A dead letter was put back.</summary>
    [LoggerMessage(2102, LogLevel.Information, "{Count} dead letters of {EntityPath} were replayed by {ReplayedBy}.")]
    public static partial void DeadLettersReplayed(this ILogger logger, string entityPath, int count, string replayedBy);

    /// <summary>A handler failed; the message comes again.</summary>
    [LoggerMessage(2103, LogLevel.Warning, "Handling message {MessageId} of {EntityPath} failed at delivery {DeliveryCount}; it rests for {Rest}.")]
    public static partial void HandlerFailed(
        this ILogger logger, Exception exception, string entityPath, string messageId, int deliveryCount, TimeSpan rest);

    /// <summary>A handler ended after its lock.</summary>
    [LoggerMessage(2104, LogLevel.Warning, "The lock on message {MessageId} of {EntityPath} ended before its handler did; it may be handled again.")]
    public static partial void LockLost(this ILogger logger, string entityPath, string messageId);

    /// <summary>A client went away before it had its message.</summary>
    [LoggerMessage(2105, LogLevel.Debug, "A receiver of {EntityPath} went away before it had message {SequenceNumber}; the message was put back.")]
    public static partial void ReceiverGone(this ILogger logger, string entityPath, long sequenceNumber);

    /// <summary>A request was refused for its token.</summary>
    [LoggerMessage(2106, LogLevel.Information, "A request for {EntityPath} was refused: {Reason}")]
    public static partial void RequestUnauthorized(this ILogger logger, string entityPath, string reason);

    /// <summary>An answer had nowhere to go.</summary>
    [LoggerMessage(2107, LogLevel.Warning, "The answer to request {RequestId} could not be sent to {ReplyTo}: {Reason}")]
    public static partial void ReplyNotTaken(this ILogger logger, string replyTo, string requestId, string reason);
}

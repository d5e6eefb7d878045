using AppAttach.Contracts;

namespace AppAttach.Pipeline.Ports;

/// <summary>Answers requests where their senders asked to be answered.</summary>
public interface IReplySender
{
    /// <summary>Sends an answer to a queue or topic. One that does not exist is passed over: the request is done all the same.</summary>
    /// <param name="address">Where the sender wants it, and the id it goes by.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that completes when the bus has it.</returns>
    Task SendAsync(ReplyAddress address, RequestReply reply, CancellationToken cancellationToken);
}

/// <summary>Where to answer.</summary>
/// <param name="ReplyTo">Queue or topic.</param>
/// <param name="CorrelationId">The request's correlation id, or its message id where it has none.</param>
/// <param name="SessionId">Session of the answer (the request's <c>ReplyToSessionId</c>); null: none.</param>
public sealed record ReplyAddress(string ReplyTo, string? CorrelationId, string? SessionId)
{
    /// <summary>Where the sender of a message wants to be answered.</summary>
    /// <param name="replyTo">The message's <c>ReplyTo</c>.</param>
    /// <param name="correlationId">Its correlation id.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="sessionId">Its <c>ReplyToSessionId</c>.</param>
    /// <returns>The address, or null if no answer is wanted.</returns>
    public static ReplyAddress? Of(string? replyTo, string? correlationId, string? messageId, string? sessionId) => string.IsNullOrEmpty(replyTo)
        ? null
        : new ReplyAddress(replyTo, string.IsNullOrEmpty(correlationId) ? messageId : correlationId, sessionId);
}

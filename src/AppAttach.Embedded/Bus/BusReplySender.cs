using AppAttach.Contracts;
using AppAttach.Pipeline.Ports;

namespace AppAttach.Embedded.Bus;

/// <summary>Answers requests over the bus of this process.</summary>
/// <param name="broker">The bus.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where to log.</param>
internal sealed class BusReplySender(BusBroker broker, TimeProvider time, ILogger<BusReplySender> logger) : IReplySender
{
    /// <inheritdoc/>
    public async Task SendAsync(ReplyAddress address, RequestReply reply, CancellationToken cancellationToken)
    {
        var message = new BusMessage
        {
            MessageId = reply.RequestId + "-reply",
            CorrelationId = address.CorrelationId,
            SessionId = address.SessionId,
            ContentType = Message.ContentType,
            Label = MessageTypes.Reply,
            Body = Message.Write(reply, time.GetUtcNow()),
        };
        try
        {
            await broker.SendAsync(address.ReplyTo, [message], cancellationToken);
        }
        catch (BusException e)
        {
            logger.ReplyNotTaken(address.ReplyTo, reply.RequestId, e.Message);
        }
    }
}

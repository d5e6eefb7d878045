using Microsoft.Extensions.Logging;

namespace AppAttach.Azure.Bus;

/// <summary>What the adapters log; event ids 4100–4199.</summary>
internal static partial class AdapterLogs
{
    [LoggerMessage(4100, LogLevel.Warning, "The answer to request {RequestId} could not be sent to {ReplyTo}.")]
    public static partial void ReplyNotTaken(ILogger logger, Exception exception, string replyTo, string requestId);
}

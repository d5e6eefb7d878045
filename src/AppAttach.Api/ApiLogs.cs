using Microsoft.Extensions.Logging;

namespace AppAttach.Api;

/// <summary>What the API logs.</summary>
internal static partial class ApiLogs
{
    [LoggerMessage(7000, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(7001, LogLevel.Debug, "A caller was gone before the answer: {Reason}")]
    public static partial void CallerGone(this ILogger logger, string reason);

    [LoggerMessage(7002, LogLevel.Warning, "Looking for changes of the catalog failed; it is tried again.")]
    public static partial void LookFailed(this ILogger logger, Exception exception);
}

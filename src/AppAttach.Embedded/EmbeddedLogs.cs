namespace AppAttach.Embedded;

/// <summary>What the embedded host logs; event ids 2200–2299 (the engine has 2000–2099, the bus 2100–2199).</summary>
internal static partial class EmbeddedLogs
{
    [LoggerMessage(2200, LogLevel.Information, "{Package} ({SizeBytes} bytes) was dropped; {InstanceId} publishes it.")]
    public static partial void PackageNoticed(this ILogger logger, string package, long sizeBytes, string instanceId);

    [LoggerMessage(2201, LogLevel.Information, "Serving the data folder {Folder} on {Address}.")]
    public static partial void Serving(this ILogger logger, string folder, string address);

    [LoggerMessage(2202, LogLevel.Warning, "Looking after rollouts, hosts and images failed; it is tried again in {Interval}.")]
    public static partial void UpkeepFailed(this ILogger logger, Exception exception, TimeSpan interval);
}

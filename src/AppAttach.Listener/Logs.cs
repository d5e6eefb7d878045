using Microsoft.Extensions.Logging;

namespace AppAttach.Listener;

/// <summary>Every line that the listener logs. Event ids 3000 to 3099.</summary>
internal static partial class Logs
{
    [LoggerMessage(3000, LogLevel.Information, "Listener {Version} starts: host {Host}, pool {Pool}, bus {Bus}, topic {Topic}, mounter {Mounter}.")]
    public static partial void Started(ILogger logger, string version, string host, string pool, Uri bus, string topic, string mounter);

    [LoggerMessage(3001, LogLevel.Information, "The machine matches the ledger: {Count} packages staged.")]
    public static partial void Converged(ILogger logger, int count);

    [LoggerMessage(3002, LogLevel.Warning, "{Subject} is not where the ledger wants it ({Code}): {Reason}")]
    public static partial void ConvergenceFailed(ILogger logger, string subject, string code, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "The staging of package {Package} was cut off and is undone; its command comes again.")]
    public static partial void StagingUndone(ILogger logger, string package);

    [LoggerMessage(3004, LogLevel.Error, "The ledger's file of package {Package} is torn and the package is not mounted: it is forgotten.")]
    public static partial void PackageLost(ILogger logger, string package);

    [LoggerMessage(3005, LogLevel.Warning, "The ledger's file of package {Package} was torn; it is rebuilt from the mount of {Image}.")]
    public static partial void PackageRebuilt(ILogger logger, string package, string image);

    [LoggerMessage(3006, LogLevel.Warning, "{Subject} belongs to no package of the ledger and is cleared away.")]
    public static partial void OrphanCleared(ILogger logger, string subject);

    [LoggerMessage(3007, LogLevel.Error, "Another file has taken the place of image {Image}, which is mounted for package {Package}: the mount keeps what it has, and the file is refused when it is to be mounted.")]
    public static partial void ImageReplaced(ILogger logger, string image, string package);

    [LoggerMessage(3010, LogLevel.Information, "Command {CommandId}: {Kind} {Package}.")]
    public static partial void CommandReceived(ILogger logger, string commandId, Contracts.CommandKind kind, string? package);

    [LoggerMessage(3016, LogLevel.Warning, "The system does not give family {FamilyName} to users by itself ({Reason}); they get it from the listener when they sign in.")]
    public static partial void NotProvisioned(ILogger logger, string familyName, string reason);

    [LoggerMessage(3011, LogLevel.Information, "Command {CommandId} succeeded after {DurationMs} ms.")]
    public static partial void CommandSucceeded(ILogger logger, string commandId, long durationMs);

    [LoggerMessage(3012, LogLevel.Warning, "Command {CommandId} {Result} ({Code}): {Reason}")]
    public static partial void CommandFailed(ILogger logger, string commandId, Contracts.OutcomeResult result, string? code, string? reason);

    [LoggerMessage(3013, LogLevel.Warning, "Command {CommandId} will be tried again in {DelayMs} ms ({Code}): {Reason}")]
    public static partial void CommandRetried(ILogger logger, string commandId, long delayMs, string code, string reason);

    [LoggerMessage(3014, LogLevel.Error, "Command {CommandId} met something that should not be.")]
    public static partial void CommandBroke(ILogger logger, string commandId, Exception exception);

    [LoggerMessage(3015, LogLevel.Information, "Command {CommandId} goes back to the bus: the listener stops.")]
    public static partial void CommandHandedBack(ILogger logger, string commandId);

    [LoggerMessage(3020, LogLevel.Warning, "The bus does not serve us ({Reason}); next try in {DelayMs} ms.")]
    public static partial void BusUnavailable(ILogger logger, string reason, long delayMs);

    [LoggerMessage(3021, LogLevel.Information, "The bus serves us again.")]
    public static partial void BusAvailable(ILogger logger);

    [LoggerMessage(3022, LogLevel.Warning, "The lock of message {MessageId} was lost; the message may come again.")]
    public static partial void LockLost(ILogger logger, string messageId);

    [LoggerMessage(3023, LogLevel.Warning, "The bus is asked over plain HTTP at {Bus}: whoever sees the traffic can use the listener's token.")]
    public static partial void BusNotEncrypted(ILogger logger, Uri bus);

    [LoggerMessage(3024, LogLevel.Warning, "Message {MessageId} could not be completed ({Reason}): it comes again and is only reported.")]
    public static partial void NotCompleted(ILogger logger, string messageId, string reason);

    [LoggerMessage(3032, LogLevel.Warning, "The bus did not take the hello ({Reason}); it is said again after a while.")]
    public static partial void HelloNotTaken(ILogger logger, string reason);

    [LoggerMessage(3030, LogLevel.Debug, "Hello said: {Count} packages.")]
    public static partial void HelloSaid(ILogger logger, int count);

    [LoggerMessage(3031, LogLevel.Error, "The listener met something that should not be and goes on.")]
    public static partial void LoopBroke(ILogger logger, Exception exception);
}

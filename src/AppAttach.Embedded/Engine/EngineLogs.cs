namespace AppAttach.Embedded.Engine;

/// <summary>What the engine logs: event ids 2000 to 2099.</summary>
internal static partial class EngineLogs
{
    [LoggerMessage(2000, LogLevel.Information, "The engine has started: {Instances} instances to wake, {Activities} activities to run, {Timers} timers.")]
    public static partial void EngineStarted(this ILogger logger, int instances, int activities, int timers);

    [LoggerMessage(2001, LogLevel.Information, "{Orchestrator} ({InstanceId}) was started.")]
    public static partial void InstanceStarted(this ILogger logger, string orchestrator, string instanceId);

    [LoggerMessage(2002, LogLevel.Information, "{Orchestrator} ({InstanceId}) has completed.")]
    public static partial void InstanceCompleted(this ILogger logger, string orchestrator, string instanceId);

    [LoggerMessage(2003, LogLevel.Warning, "{Orchestrator} ({InstanceId}) has failed.")]
    public static partial void InstanceFailed(this ILogger logger, Exception exception, string orchestrator, string instanceId);

    [LoggerMessage(2004, LogLevel.Error, "{Orchestrator} ({InstanceId}) cannot go on.")]
    public static partial void InstanceCannotGoOn(this ILogger logger, Exception exception, string orchestrator, string instanceId);

    [LoggerMessage(2005, LogLevel.Debug, "{Orchestrator} ({InstanceId}) took a step: {Incoming} came in, {Actions} done.")]
    public static partial void StepTaken(this ILogger logger, string orchestrator, string instanceId, int incoming, int actions);

    [LoggerMessage(2006, LogLevel.Error, "A step of {InstanceId} could not be written; it is tried again in {Delay}.")]
    public static partial void StepNotWritten(this ILogger logger, Exception exception, string instanceId, TimeSpan delay);

    [LoggerMessage(2007, LogLevel.Debug, "{Messages} messages for {InstanceId} came too late and were dropped.")]
    public static partial void MessagesDropped(this ILogger logger, int messages, string instanceId);

    [LoggerMessage(2008, LogLevel.Debug, "The event {EventName} for {InstanceId} was dropped: no such instance runs.")]
    public static partial void EventDropped(this ILogger logger, string eventName, string instanceId);

    [LoggerMessage(2010, LogLevel.Debug, "The activity {Activity} of {InstanceId} (task {TaskNumber}) begins.")]
    public static partial void ActivityBegins(this ILogger logger, string activity, string instanceId, int taskNumber);

    [LoggerMessage(2011, LogLevel.Debug, "The activity {Activity} of {InstanceId} (task {TaskNumber}) has completed.")]
    public static partial void ActivityCompleted(this ILogger logger, string activity, string instanceId, int taskNumber);

    [LoggerMessage(2012, LogLevel.Warning, "The activity {Activity} of {InstanceId} (task {TaskNumber}) has failed.")]
    public static partial void ActivityFailed(this ILogger logger, Exception exception, string activity, string instanceId, int taskNumber);

    [LoggerMessage(2013, LogLevel.Information, "The activity {Activity} of {InstanceId} (task {TaskNumber}) was stopped; it runs again at the next start.")]
    public static partial void ActivityStopped(this ILogger logger, string activity, string instanceId, int taskNumber);

    [LoggerMessage(2020, LogLevel.Error, "Someone who follows changes of instances threw.")]
    public static partial void ChangeHandlerThrew(this ILogger logger, Exception exception);

    [LoggerMessage(2021, LogLevel.Information, "{Instances} ended instances were purged.")]
    public static partial void Purged(this ILogger logger, int instances);
}

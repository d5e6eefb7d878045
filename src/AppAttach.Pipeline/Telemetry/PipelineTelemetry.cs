using System.Diagnostics;
using System.Diagnostics.Metrics;
using AppAttach.Contracts;

namespace AppAttach.Pipeline.Telemetry;

/// <summary>
/// The pipeline's spans and metrics, for whatever the host exports them with; without a listener they cost next to nothing.
/// The Functions app's page names the metrics with a query each.
/// </summary>
public static class PipelineTelemetry
{
    /// <summary>Name of the activity source and of the meter, to be named to an exporter.</summary>
    public const string Name = "AppAttach";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> ActivityDuration = Meter.CreateHistogram<double>(
        "appattach.activity.duration", "s", "How long an activity ran, by its name and result.");

    private static readonly Counter<long> Events = Meter.CreateCounter<long>(
        "appattach.events", "{event}", "Events for other systems, by type and code: verdicts on packages, ends of rollouts.");

    private static readonly Counter<long> Commands = Meter.CreateCounter<long>(
        "appattach.commands", "{command}", "Commands to hosts, by kind and pool.");

    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>(
        "appattach.outcomes", "{outcome}", "Outcomes of commands, by kind, result and code.");

    private static readonly Counter<long> Messages = Meter.CreateCounter<long>(
        "appattach.messages", "{message}", "Messages taken from queues, by queue and what became of them.");

    /// <summary>Runs an activity as a span, and notes how long it took and how it ended.</summary>
    /// <typeparam name="TResult">Type of the activity's result.</typeparam>
    /// <param name="activity">The activity's name.</param>
    /// <param name="run">The activity.</param>
    /// <returns>Its result.</returns>
    public static async Task<TResult> RunActivityAsync<TResult>(string activity, Func<Task<TResult>> run)
    {
        using var span = Source.StartActivity(activity);
        var begun = Stopwatch.GetTimestamp();
        var result = "failed";
        try
        {
            var value = await run();
            result = "done";
            return value;
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            span?.AddException(e);
            result = e is OperationCanceledException ? "stopped" : result;
            throw;
        }
        finally
        {
            ActivityDuration.Record(
                Stopwatch.GetElapsedTime(begun).TotalSeconds, new("activity", activity), new("result", result));
        }
    }

    /// <summary>
    /// Handles a message as a span. The parent is the trace that the message itself names, so that what a host says about a command
    /// belongs to the trace of the package; the span of the trigger is linked.
    /// </summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="queue">The queue it came from.</param>
    /// <param name="body">The message's body.</param>
    /// <param name="handle">Handles it, and says in one word what became of it.</param>
    /// <returns>What became of it.</returns>
    public static async Task<TResult> HandleMessageAsync<TResult>(string queue, ReadOnlyMemory<byte> body, Func<Task<TResult>> handle)
        where TResult : notnull
    {
        var trigger = Activity.Current;
        ActivityContext.TryParse(Message.FindTraceParent(body.Span), traceState: null, isRemote: true, out var named);
        using var span = Source.StartActivity(
            $"handle {queue}",
            ActivityKind.Consumer,
            named == default ? trigger?.Context ?? default : named,
            links: trigger is null || named == default ? null : [new ActivityLink(trigger.Context)]);
        var fate = await handle();
        span?.SetTag("messaging.destination.name", queue);
        Messages.Add(1, new("queue", queue), new("fate", fate.ToString()));
        return fate;
    }

    /// <summary>An event was sent.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="code">Its code, if it has one.</param>
    public static void EventSent(string type, string? code) => Events.Add(1, new("type", type), new("code", code));

    /// <summary>Commands were sent.</summary>
    /// <param name="pool">To which pool.</param>
    /// <param name="commands">The commands.</param>
    public static void CommandsSent(string pool, IReadOnlyList<HostCommand> commands)
    {
        foreach (var kind in commands.CountBy(command => command.Kind))
        {
            Commands.Add(kind.Value, new("kind", kind.Key.ToString()), new("pool", pool));
        }
    }

    /// <summary>A host said what became of a command.</summary>
    /// <param name="outcome">What it said.</param>
    public static void OutcomeReceived(CommandOutcome outcome) => Outcomes.Add(
        1, new("kind", outcome.Kind.ToString()), new("result", outcome.Result.ToString()), new("code", outcome.Code));
}

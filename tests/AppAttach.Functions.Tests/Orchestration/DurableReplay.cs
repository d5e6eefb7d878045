using System.Text.Json;
using AppAttach.Functions.Orchestration;
using AppAttach.Pipeline.Orchestration;
using AppAttach.Pipeline.Ports;
using Microsoft.DurableTask;

namespace AppAttach.Functions.Tests.Orchestration;

/// <summary>
/// Runs an orchestrator over Durable's context as Durable does: from the start again for each thing that completes, with the
/// completions of the history in their order, and an error if it does not ask for the same things in the same order. Everything
/// crosses as JSON. Time stands still but for timers, which fire when nothing else is left to do.
/// </summary>
internal sealed class DurableReplay
{
    private readonly Dictionary<string, Func<JsonElement, object?>> _tasks = [];

    /// <summary>What the orchestrator asked for, in order.</summary>
    public List<ReplayAction> Actions { get; } = [];

    /// <summary>What completed, in order.</summary>
    public List<ReplayCompletion> Completions { get; } = [];

    /// <summary>When the orchestration was started.</summary>
    public static DateTime StartedAt { get; } = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>The time of the newest completion.</summary>
    public DateTime Now { get; private set; } = StartedAt;

    /// <summary>How often the orchestrator was run from the start.</summary>
    public int Runs { get; private set; }

    /// <summary>Custom statuses as JSON, of the last run.</summary>
    public List<string> Statuses { get; } = [];

    /// <summary>Lines logged over all runs.</summary>
    public List<string> LogLines { get; } = [];

    /// <summary>The input given to ContinueAsNew in the last run.</summary>
    public (object? Input, bool PreserveEvents)? Continued { get; set; }

    /// <summary>Says what an activity or sub-orchestration does.</summary>
    public DurableReplay Task<TInput>(string name, Func<TInput, object?> body)
    {
        _tasks[name] = input => body(input.Deserialize<TInput>(OrchestrationJson.Options)!);
        return this;
    }

    /// <summary>Raises an event, as if it came in now.</summary>
    public void Raise(string name, object payload) =>
        Completions.Add(new ReplayCompletion(null, name, JsonSerializer.Serialize(payload, OrchestrationJson.Options), null, Now));

    /// <summary>Runs an orchestrator through the adapter to its end.</summary>
    public TResult Run<TInput, TResult>(IOrchestrator<TInput, TResult> orchestrator, TInput input)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (true)
            {
                Runs++;
                Statuses.Clear();
                var context = new ReplayContext(this);
                var task = orchestrator.RunAsync(new DurableOrchestrationContext(context), RoundTrip(input));
                context.Replay();
                if (task.IsCompleted)
                {
                    return task.GetAwaiter().GetResult();
                }

                CompleteNext(context);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static T RoundTrip<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, OrchestrationJson.Options), OrchestrationJson.Options)!;

    private void CompleteNext(ReplayContext context)
    {
        var open = context.OpenActions.ToList();
        Assert.True(open.Count > 0, "The orchestrator waits for something that this context did not give it.");
        if (open.FirstOrDefault(action => action.FireAt is null) is { } call)
        {
            Completions.Add(Execute(call));
            return;
        }

        var timer = open.MinBy(action => action.FireAt)!;
        Now = timer.FireAt!.Value > Now ? timer.FireAt.Value : Now;
        Completions.Add(new ReplayCompletion(timer.Id, timer.Name, "null", null, Now));
    }

    private ReplayCompletion Execute(ReplayAction call)
    {
        try
        {
            using var input = JsonDocument.Parse(call.Input);
            var result = _tasks[call.Name](input.RootElement);
            return new ReplayCompletion(call.Id, call.Name, JsonSerializer.Serialize(result, OrchestrationJson.Options), null, Now);
        }
        catch (Exception e) when (e is IOException or ShareUnavailableException)
        {
            return new ReplayCompletion(call.Id, call.Name, null, TaskFailureDetails.FromException(e), Now);
        }
    }
}

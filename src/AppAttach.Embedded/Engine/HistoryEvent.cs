namespace AppAttach.Embedded.Engine;

/// <summary>One entry of a history. Which members are set depends on the kind.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="At">When it happened, UTC.</param>
internal sealed record HistoryEvent(HistoryEventKind Kind, DateTime At)
{
    /// <summary>Number of the task that it is about: tasks are counted from 0 in the order in which the code makes them.</summary>
    public int? Task { get; init; }

    /// <summary>Name of the activity, orchestrator or external event.</summary>
    public string? Name { get; init; }

    /// <summary>Input, result or content as JSON.</summary>
    public string? Payload { get; init; }

    /// <summary>Instance id of a sub-orchestration.</summary>
    public string? Child { get; init; }

    /// <summary>When a timer is due, UTC.</summary>
    public DateTime? Due { get; init; }

    /// <summary>Which attempt of a call with a retry policy this is, from 1.</summary>
    public int? Attempt { get; init; }

    /// <summary>Full name of an exception's type.</summary>
    public string? ErrorType { get; init; }

    /// <summary>An exception's message.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Whether the orchestrator's code did it, so that a replay must do it again.</summary>
    public bool IsAction => Kind is HistoryEventKind.ActivityScheduled or HistoryEventKind.TimerCreated
        or HistoryEventKind.TimerCancelled or HistoryEventKind.SubOrchestrationScheduled;

    /// <summary>Whether code that does <paramref name="other"/> follows this entry.</summary>
    /// <param name="other">What the code did.</param>
    /// <param name="strictly">Whether inputs and due times count too, not only what was called.</param>
    /// <returns>Whether it does.</returns>
    public bool IsSameAction(HistoryEvent other, bool strictly) =>
        Kind == other.Kind && Task == other.Task && Name == other.Name && Child == other.Child
        && (!strictly || (Payload == other.Payload && Due == other.Due && Attempt == other.Attempt));

    /// <summary>What it is, in words for the error about a replay that diverges.</summary>
    /// <returns>A phrase without a full stop.</returns>
    public string Describe() => Kind switch
    {
        HistoryEventKind.ActivityScheduled => $"activity {Name} as task {Task} with input {Payload ?? "null"}",
        HistoryEventKind.TimerCreated => $"a timer as task {Task} due at {Due:O}",
        HistoryEventKind.TimerCancelled => $"the cancellation of timer {Task}",
        HistoryEventKind.SubOrchestrationScheduled => $"sub-orchestration {Name} ({Child}) as task {Task} with input {Payload ?? "null"}",
        _ => Kind.ToString(),
    };
}

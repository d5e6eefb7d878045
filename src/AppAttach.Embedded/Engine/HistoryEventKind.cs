namespace AppAttach.Embedded.Engine;

/// <summary>What an entry of a history says. The names are stored, so none is ever renamed.</summary>
internal enum HistoryEventKind
{
    /// <summary>A step began; its time is what the orchestrator reads as the current time.</summary>
    StepStarted,

    /// <summary>Came in: the instance was started, with its input.</summary>
    OrchestratorStarted,

    /// <summary>Came in: an activity gave its result.</summary>
    ActivityCompleted,

    /// <summary>Came in: an activity threw.</summary>
    ActivityFailed,

    /// <summary>Came in: a timer was due.</summary>
    TimerFired,

    /// <summary>Came in: a sub-orchestration gave its result.</summary>
    SubOrchestrationCompleted,

    /// <summary>Came in: a sub-orchestration failed.</summary>
    SubOrchestrationFailed,

    /// <summary>Came in: somebody raised an external event.</summary>
    EventRaised,

    /// <summary>Was done: an activity was scheduled.</summary>
    ActivityScheduled,

    /// <summary>Was done: a timer was made.</summary>
    TimerCreated,

    /// <summary>Was done: a timer was given up.</summary>
    TimerCancelled,

    /// <summary>Was done: a sub-orchestration was scheduled.</summary>
    SubOrchestrationScheduled,

    /// <summary>The orchestrator returned its result.</summary>
    OrchestratorCompleted,

    /// <summary>The orchestrator threw, or could not go on.</summary>
    OrchestratorFailed,
}

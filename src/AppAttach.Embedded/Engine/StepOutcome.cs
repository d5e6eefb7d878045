namespace AppAttach.Embedded.Engine;

/// <summary>What a step led to. At most one of result, failure and continuation is set; none: the instance waits.</summary>
internal sealed record StepOutcome
{
    /// <summary>What the code did.</summary>
    public IReadOnlyList<HistoryEvent> Actions { get; init; } = [];

    /// <summary>The custom status now, as JSON.</summary>
    public string? CustomStatus { get; init; }

    /// <summary>Whether the orchestrator returned.</summary>
    public bool IsCompleted { get; init; }

    /// <summary>What it returned, as JSON.</summary>
    public string? Output { get; init; }

    /// <summary>What it threw, or why it could not go on.</summary>
    public Exception? Failure { get; init; }

    /// <summary>How it goes on anew.</summary>
    public Continuation? Continuation { get; init; }

    /// <summary>Whether the run is over.</summary>
    public bool IsEnded => IsCompleted || Failure is not null || Continuation is not null;
}

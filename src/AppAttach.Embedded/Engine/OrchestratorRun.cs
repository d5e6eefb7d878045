namespace AppAttach.Embedded.Engine;

/// <summary>One run of an orchestrator in memory: brought to where its history ends, then taken further step by step.</summary>
internal sealed class OrchestratorRun
{
    private readonly OrchestratorFunction _function;
    private readonly InstanceRow _instance;
    private readonly StepScheduler _scheduler;
    private readonly ReplayingContext _context;
    private Task<string?> _code = new TaskCompletionSource<string?>().Task;

    /// <summary>Makes a run that has not begun.</summary>
    /// <param name="function">The orchestrator.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="loggers">Makes the orchestrator's loggers.</param>
    /// <param name="compareStrictly">Whether replay compares inputs and due times too.</param>
    /// <param name="whenForeign">Told, on any thread, when the code turns out to await something foreign.</param>
    public OrchestratorRun(
        OrchestratorFunction function, InstanceRow instance, ILoggerFactory loggers, bool compareStrictly, Action whenForeign)
    {
        (_function, _instance) = (function, instance);
        _scheduler = new StepScheduler(whenForeign);
        _context = new ReplayingContext(instance, _scheduler, loggers, compareStrictly);
    }

    /// <summary>Runs the code again from its history.</summary>
    /// <param name="history">The history.</param>
    /// <returns>Why the instance cannot go on; null: it can.</returns>
    public Exception? Replay(IEnumerable<HistoryEvent> history)
    {
        foreach (var step in HistoryStep.Split(history))
        {
            Run(step.At, step.Incoming, step.Actions);
            _context.EndReplayedStep();
            if (_context.Divergence is null && _code.IsCompleted)
            {
                _context.Diverge("a wait for something to come", _code.IsCompletedSuccessfully ? "its return" : "its failure");
            }

            if (Obstacle() is { } obstacle)
            {
                return obstacle;
            }
        }

        return null;
    }

    /// <summary>Takes the code one step further.</summary>
    /// <param name="at">The step's time.</param>
    /// <param name="incoming">What came in, in order.</param>
    /// <returns>What that led to.</returns>
    public StepOutcome Advance(DateTime at, IEnumerable<HistoryEvent> incoming)
    {
        Run(at, incoming, recorded: null);
        var outcome = new StepOutcome { Actions = _context.Actions, CustomStatus = _context.CustomStatus };
        if (Obstacle() is { } obstacle)
        {
            return outcome with { Failure = obstacle };
        }

        if (!_code.IsCompleted)
        {
            return outcome;
        }

        if (!_code.IsCompletedSuccessfully)
        {
            return outcome with { Failure = _code.Exception?.InnerException ?? new TaskCanceledException(_code) };
        }

        return _context.Continuation is { } continuation
            ? outcome with { Continuation = continuation }
            : outcome with { IsCompleted = true, Output = _code.Result };
    }

    private void Run(DateTime at, IEnumerable<HistoryEvent> incoming, IReadOnlyList<HistoryEvent>? recorded)
    {
        _context.BeginStep(at, recorded);
        _scheduler.Enter();
        try
        {
            foreach (var entry in incoming)
            {
                Deliver(entry);
                _scheduler.Pump();
            }
        }
        catch (NonDeterministicOrchestrationException)
        {
            // The context has noted it.
        }
        finally
        {
            _scheduler.Leave();
        }
    }

    private void Deliver(HistoryEvent entry)
    {
        if (entry.Kind == HistoryEventKind.OrchestratorStarted)
        {
            _code = Task.Factory.StartNew(
                () => _function(_context, entry.Payload), CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
        }
        else
        {
            _context.Deliver(entry);
        }
    }

    private Exception? Obstacle()
    {
        if (_context.Divergence is { } divergence)
        {
            return divergence;
        }

        var isStuck = !_code.IsCompleted && !_context.HasOpenTasks;
        return isStuck || _scheduler.SawForeignTask
            ? new ForeignTaskException(_instance.Name, _instance.InstanceId)
            : null;
    }
}

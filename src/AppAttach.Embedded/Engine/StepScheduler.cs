using System.Diagnostics.CodeAnalysis;

namespace AppAttach.Embedded.Engine;

/// <summary>
/// Runs an orchestrator's continuations one after the other on the thread of the step, in the order in which they became ready.
/// A continuation that comes from another thread is the sign that the orchestrator awaits something foreign: it is noted, not run.
/// </summary>
/// <param name="whenForeign">Told, on any thread, each time that happens.</param>
internal sealed class StepScheduler(Action whenForeign) : TaskScheduler
{
    private const int NoThread = -1;

    private readonly Queue<Task> _ready = new();
    private volatile int _thread = NoThread;
    private volatile bool _sawForeignTask;

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Whether a continuation or call came from outside a step.</summary>
    public bool SawForeignTask => _sawForeignTask;

    /// <summary>Whether the calling thread is the one that runs a step now.</summary>
    public bool IsInStep => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Notes a call from outside a step.</summary>
    public void NoteForeignTask()
    {
        _sawForeignTask = true;
        whenForeign();
    }

    /// <summary>Makes the calling thread the step's thread.</summary>
    public void Enter() => _thread = Environment.CurrentManagedThreadId;

    /// <summary>Ends the step.</summary>
    public void Leave() => _thread = NoThread;

    /// <summary>Runs what is ready, and what becomes ready by that, until nothing is.</summary>
    public void Pump()
    {
        while (_ready.TryDequeue(out var task))
        {
            TryExecuteTask(task);
        }
    }

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        if (IsInStep)
        {
            _ready.Enqueue(task);
        }
        else
        {
            NoteForeignTask();
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    [ExcludeFromCodeCoverage(Justification = "For debuggers only.")]
    protected override IEnumerable<Task> GetScheduledTasks() => [.. _ready];
}

namespace AppAttach.Pipeline.Orchestration;

/// <summary>Takes the orchestrators and activities that a host is to run; each is known by its class name.</summary>
public interface ITaskRegistry
{
    /// <summary>Adds an orchestrator.</summary>
    /// <typeparam name="TOrchestrator">Its class.</typeparam>
    /// <typeparam name="TInput">Type of its input.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    void AddOrchestrator<TOrchestrator, TInput, TResult>()
        where TOrchestrator : class, IOrchestrator<TInput, TResult>, new();

    /// <summary>Adds an activity; the host makes it with its services.</summary>
    /// <typeparam name="TActivity">Its class.</typeparam>
    /// <typeparam name="TInput">Type of its input.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    void AddActivity<TActivity, TInput, TResult>()
        where TActivity : class, IActivity<TInput, TResult>;
}

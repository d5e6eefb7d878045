using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Engine;

/// <summary>Which orchestrators and activities an engine can run, by the names that histories have. Filled before the engine starts.</summary>
internal sealed class OrchestrationRegistry
{
    private readonly Dictionary<string, OrchestratorFunction> _orchestrators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ActivityFunction> _activities = new(StringComparer.Ordinal);

    /// <summary>Adds an orchestrator.</summary>
    /// <typeparam name="TInput">Type of its input.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    /// <param name="name">Its name in histories.</param>
    /// <param name="factory">Makes a new object for each run and replay.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OrchestrationRegistry AddOrchestrator<TInput, TResult>(string name, Func<IOrchestrator<TInput, TResult>> factory)
    {
        _orchestrators.Add(name, async (context, input) =>
            EngineJson.Write(await factory().RunAsync(context, EngineJson.Read<TInput>(input))));
        return this;
    }

    /// <summary>Adds an activity.</summary>
    /// <typeparam name="TInput">Type of its input.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    /// <param name="name">Its name in histories.</param>
    /// <param name="factory">Makes a new object for each run.</param>
    /// <returns>This registry.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public OrchestrationRegistry AddActivity<TInput, TResult>(string name, Func<IActivity<TInput, TResult>> factory)
    {
        _activities.Add(name, async (input, cancellationToken) =>
            EngineJson.Write(await factory().RunAsync(EngineJson.Read<TInput>(input), cancellationToken)));
        return this;
    }

    /// <summary>Finds an orchestrator.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>What runs it.</returns>
    /// <exception cref="UnknownTaskException">There is none of that name.</exception>
    public OrchestratorFunction Orchestrator(string name) => _orchestrators.GetValueOrDefault(name)
        ?? throw new UnknownTaskException($"No orchestrator is registered under the name {name}.");

    /// <summary>Finds an activity.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>What runs it.</returns>
    /// <exception cref="UnknownTaskException">There is none of that name.</exception>
    public ActivityFunction Activity(string name) => _activities.GetValueOrDefault(name)
        ?? throw new UnknownTaskException($"No activity is registered under the name {name}.");
}

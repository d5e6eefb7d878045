using AppAttach.Embedded.Engine;
using AppAttach.Pipeline;
using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Hosting;

/// <summary>Tells the engine what it can run, made with the host's services.</summary>
internal sealed class EngineTasks(IServiceProvider services) : ITaskRegistry
{
    private readonly OrchestrationRegistry _registry = new();

    /// <summary>Everything of the pipeline.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The registry for the engine.</returns>
    public static OrchestrationRegistry From(IServiceProvider services)
    {
        var tasks = new EngineTasks(services);
        PipelineTasks.AddTo(tasks);
        return tasks._registry;
    }

    /// <inheritdoc/>
    public void AddOrchestrator<TOrchestrator, TInput, TResult>()
        where TOrchestrator : class, IOrchestrator<TInput, TResult>, new() =>
        _registry.AddOrchestrator<TInput, TResult>(typeof(TOrchestrator).Name, () => new TOrchestrator());

    /// <inheritdoc/>
    public void AddActivity<TActivity, TInput, TResult>()
        where TActivity : class, IActivity<TInput, TResult> =>
        _registry.AddActivity<TInput, TResult>(typeof(TActivity).Name, services.GetRequiredService<TActivity>);
}

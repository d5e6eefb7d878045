using AppAttach.Functions.Orchestration;
using AppAttach.Pipeline.Orchestration;
using Microsoft.DurableTask;

namespace AppAttach.DurableTask.Tests;

/// <summary>Gives the pipeline's orchestrators and activities to the Durable Task worker, as the app's functions do.</summary>
/// <param name="registry">Takes them.</param>
/// <param name="run">Runs an activity.</param>
internal sealed class DurableTasks(DurableTaskRegistry registry, DurableTasks.IActivityRunner run) : ITaskRegistry
{
    /// <summary>Runs an activity with the services of the test.</summary>
    public interface IActivityRunner
    {
        Task<TResult> RunAsync<TActivity, TInput, TResult>(TInput input)
            where TActivity : class, IActivity<TInput, TResult>;
    }

    public void AddOrchestrator<TOrchestrator, TInput, TResult>()
        where TOrchestrator : class, IOrchestrator<TInput, TResult>, new() =>
        registry.AddOrchestratorFunc<TInput, TResult>(
            typeof(TOrchestrator).Name, (context, input) => new TOrchestrator().RunAsync(new DurableOrchestrationContext(context), input));

    public void AddActivity<TActivity, TInput, TResult>()
        where TActivity : class, IActivity<TInput, TResult> =>
        registry.AddActivityFunc<TInput, TResult>(typeof(TActivity).Name, (_, input) => run.RunAsync<TActivity, TInput, TResult>(input));
}

namespace AppAttach.Pipeline.Orchestration;

/// <summary>Decides what happens next; never does it itself. The class name is the name in every history.</summary>
/// <typeparam name="TInput">Its input: one record, so that fields can be added.</typeparam>
/// <typeparam name="TResult">Its result: one record.</typeparam>
public interface IOrchestrator<in TInput, TResult>
{
    /// <summary>Runs from the start; called again, with the same input, for each replay.</summary>
    /// <param name="context">What it may do.</param>
    /// <param name="input">Its input.</param>
    /// <returns>Its result.</returns>
    Task<TResult> RunAsync(OrchestrationContext context, TInput input);
}

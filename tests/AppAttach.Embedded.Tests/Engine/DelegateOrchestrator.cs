using AppAttach.Pipeline.Orchestration;

namespace AppAttach.Embedded.Tests.Engine;

internal sealed class DelegateOrchestrator<TInput, TResult>(Func<OrchestrationContext, TInput, Task<TResult>> code) : IOrchestrator<TInput, TResult>
{
    public Task<TResult> RunAsync(OrchestrationContext context, TInput input) => code(context, input);
}
